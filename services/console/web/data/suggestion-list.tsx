import { usePolled } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { addressOf } from '../routes.ts';
import { countText, timeText } from '../text/format.ts';

/** Contracts that wait for a person; nothing where none does. */
export function SuggestionList({ project, moved }: { project: string; moved: string | undefined }) {
  const suggestions = usePolled(
    (api, signal) => api.call('listContractSuggestions', { params: { project }, signal }),
    () => 10_000,
    [moved],
  );
  const waiting = suggestions.value?.items.filter(({ status }) => status === 'waiting') ?? [];
  return (
    <>
      {suggestions.failure && (
        <FailureNotice failure={suggestions.failure} doing="Reading the suggested contracts" />
      )}
      {waiting.map(({ suggestionId, datasetVersion, columns, rows, suggestedAt }) => (
        <Panel key={suggestionId} title="A contract is suggested">
          <p>
            Dataset version {datasetVersion} ({countText(rows, 'row')}, {countText(columns, 'column')})
            suggests a contract since {timeText(suggestedAt)}. Nothing is validated or trained until a person
            decides.
          </p>
          <p>
            <a class="button primary" href={addressOf.contractSuggestion(project, suggestionId)}>
              Look at the evidence and decide
            </a>
          </p>
        </Panel>
      ))}
    </>
  );
}
