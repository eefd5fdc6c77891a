import io.trino.sql.parser.ParsingException;
import io.trino.sql.parser.SqlParser;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints a line for each statement file: `ok NAME`, or `refused NAME REASON`, by the parser of Trino itself. */
public class TrinoGrammar {
    public static void main(String[] files) throws Exception {
        var parser = new SqlParser();
        for (var file : files) {
            var path = Path.of(file);
            try {
                parser.createStatement(Files.readString(path));
                System.out.println("ok " + path.getFileName());
            } catch (ParsingException refusal) {
                System.out.println("refused " + path.getFileName() + " " + refusal.getMessage());
            }
        }
    }
}
