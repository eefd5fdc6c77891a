import type { AnswerOf } from '../api/operations.ts';
import { type Polled, useNow } from '../api/use-api.ts';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { JourneyEntry } from './journey-entry.tsx';

/** What happened to uploads, drift and requests, newest first; the newest one open. */
export function JourneyList({ journeys }: { journeys: Polled<AnswerOf<'listJourneys'>> }) {
  const live = (journeys.value?.items ?? []).some(
    ({ status }) => status === 'running' || status === 'waiting',
  );
  const nowMs = useNow(live);
  return (
    <Panel title="Journeys">
      <Loaded polled={journeys} doing="Reading the journeys">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              Nothing has happened yet. A file begins a journey: <code>npx millrace upload data.csv</code>
            </Empty>
          ) : (
            <ol class="journeys">
              {items.map((journey, index) => (
                <li key={journey.journeyId}>
                  <JourneyEntry journey={journey} newest={index === 0} nowMs={nowMs} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}
