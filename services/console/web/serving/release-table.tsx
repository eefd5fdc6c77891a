import type { AnswerOf } from '../api/operations.ts';
import type { Polled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { wordsOf } from '../text/format.ts';

type Release = AnswerOf<'readDeployment'>['releases'][number];

const tones: Readonly<Record<Release['status'], Tone>> = {
  open: 'attention',
  deploying: 'active',
  canary: 'active',
  completed: 'good',
  rolled_back: 'bad',
  rejected: 'quiet',
};

/** Releases under way and before. */
export function ReleaseTable({ deployment }: { deployment: Polled<AnswerOf<'readDeployment'>> }) {
  return (
    <Panel title="Releases">
      <Loaded polled={deployment} doing="Reading the releases">
        {({ releases }) =>
          releases.length === 0 ? (
            <Empty>No release yet. Each registered version begins one.</Empty>
          ) : (
            <Table
              caption="Releases, newest first"
              rows={releases}
              keyOf={({ releaseId }) => releaseId}
              columns={[
                { title: 'Version', numeric: true, cell: ({ modelVersion }) => modelVersion },
                {
                  title: 'State',
                  cell: ({ status }) => <Badge tone={tones[status]}>{wordsOf(status)}</Badge>,
                },
                { title: 'Opened', cell: ({ openedAt }) => <Moment at={openedAt} /> },
                { title: 'Closed', cell: ({ closedAt }) => closedAt && <Moment at={closedAt} /> },
                { title: 'Reason', wide: true, cell: ({ reason }) => reason },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
