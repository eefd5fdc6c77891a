import type { AnswerOf } from '../api/operations.ts';
import type { Polled } from '../api/use-api.ts';
import { Digest } from '../parts/digest.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { percentText, timeText } from '../text/format.ts';

type Deployment = AnswerOf<'readDeployment'>;
type Routing = NonNullable<Deployment['routing']>;

/** What answers predictions now, by share of the traffic. */
export function ServingPanel({ deployment }: { deployment: Polled<Deployment> }) {
  return (
    <Panel title="Serving now">
      <Loaded polled={deployment} doing="Reading the deployment">
        {({ routing }) =>
          routing && routing.versions.length > 0 ? (
            <Shares routing={routing} />
          ) : (
            <Empty>Nothing serves yet. The first approved version will.</Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Shares({ routing: { versions, revision, updatedAt } }: { routing: Routing }) {
  const shown = [...versions].sort((one, other) => one.modelVersion - other.modelVersion);
  return (
    <>
      <div class="shares" aria-hidden="true">
        {shown.map(({ modelVersion, share }, index) => (
          <div key={modelVersion} class={`share tint-${index % 4}`} style={{ flexGrow: share }} />
        ))}
      </div>
      <ul class="legend">
        {shown.map(({ modelVersion, share, artifactSha256 }, index) => (
          <li key={modelVersion}>
            <span class={`swatch tint-${index % 4}`} aria-hidden="true" />
            <strong>version {modelVersion}</strong> <span class="figure">{percentText(share)}</span>{' '}
            <span class="muted">
              artifact <Digest value={artifactSha256} />
            </span>
          </li>
        ))}
      </ul>
      <p class="muted">
        Routing record {revision}, since {timeText(updatedAt)}
      </p>
    </>
  );
}
