import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { durationText } from '../text/format.ts';

type ViewFreshness = AnswerOf<'readFeatureFreshness'>['views'][number];

const tones: Readonly<Record<ViewFreshness['status'], Tone>> = {
  fresh: 'good',
  breached: 'bad',
  empty: 'attention',
  'no-objective': 'quiet',
};
const words: Readonly<Record<ViewFreshness['status'], string>> = {
  fresh: 'fresh',
  breached: 'too old',
  empty: 'nothing online',
  'no-objective': 'no objective',
};

/** How old the newest online value of each view is, against how old it may get. */
export function FreshnessPanel({ project, moved }: { project: string; moved: string | undefined }) {
  const freshness = usePolled(
    (api, signal) => api.call('readFeatureFreshness', { params: { project }, signal }),
    () => 15_000,
    [moved],
  );
  return (
    <Panel title="Freshness">
      <Loaded polled={freshness} doing="Reading how fresh features are">
        {({ views }) => (
          <Table
            caption="How fresh feature views are online"
            rows={views}
            keyOf={({ view }) => view}
            columns={[
              {
                title: 'View',
                cell: ({ view }) => <a href={addressOf.featureView(project, view)}>{view}</a>,
              },
              {
                title: 'State',
                cell: ({ status }) => <Badge tone={tones[status]}>{words[status]}</Badge>,
              },
              { title: 'Age against objective', cell: (view) => <LagBar view={view} /> },
              {
                title: 'Newest row',
                cell: ({ newestEventAt }) => newestEventAt && <Moment at={newestEventAt} />,
              },
              {
                title: 'Too old since',
                cell: ({ breachedSince }) => breachedSince && <Moment at={breachedSince} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function LagBar({ view: { lagSeconds, maxLagSeconds } }: { view: ViewFreshness }) {
  if (lagSeconds === undefined) return null;
  const age = durationText(lagSeconds * 1000);
  if (maxLagSeconds === undefined) return <span class="muted">{age}</span>;
  return (
    <label class="filling">
      <meter
        min={0}
        max={maxLagSeconds * 1.5}
        high={maxLagSeconds}
        optimum={0}
        value={Math.min(lagSeconds, maxLagSeconds * 1.5)}
      />{' '}
      {age} of {durationText(maxLagSeconds * 1000)}
    </label>
  );
}
