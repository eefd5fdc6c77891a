import type { ApprovalRequest } from '../api/answers.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';

const tones: Readonly<Record<ApprovalRequest['status'], Tone>> = {
  pending: 'attention',
  approved: 'good',
  rejected: 'bad',
  expired: 'quiet',
};

/** What was decided, by whom and why. */
export function DecidedTable({ requests }: { requests: readonly ApprovalRequest[] }) {
  return (
    <Panel title="Decided">
      <Table
        caption="Decided approval requests, newest first"
        rows={requests}
        keyOf={({ approvalId }) => approvalId}
        columns={[
          {
            title: 'Release',
            cell: ({ project, modelVersion }) => (
              <a href={addressOf.project(project)}>
                {project} version {modelVersion}
              </a>
            ),
          },
          { title: 'Outcome', cell: ({ status }) => <Badge tone={tones[status]}>{status}</Badge> },
          { title: 'Requested', cell: ({ requestedAt }) => <Moment at={requestedAt} /> },
          {
            title: 'Decisions',
            wide: true,
            cell: ({ decisions }) => decisions.map(({ by, comment }) => `${by}: ${comment}`).join(' · '),
          },
        ]}
      />
    </Panel>
  );
}
