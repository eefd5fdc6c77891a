import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;
import software.amazon.event.ruler.Machine;

/**
 * Answers each line {"pattern": "…", "event": "…"} with a line {"matches": …} or {"error": "…"}, by the library that EventBridge itself
 * matches with.
 */
public class EventRuler {
    public static void main(String[] args) throws Exception {
        var json = new ObjectMapper();
        var input = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(json.writeValueAsString(answer(json.readTree(line).get("pattern").asText(),
                    json.readTree(line).get("event").asText())));
        }
    }

    private static Map<String, Object> answer(String pattern, String event) {
        try {
            var machine = new Machine();
            machine.addRule("rule", pattern);
            return Map.of("matches", !machine.rulesForJSONEvent(event).isEmpty());
        } catch (Exception refusal) {
            return Map.of("error", String.valueOf(refusal.getMessage()));
        }
    }
}
