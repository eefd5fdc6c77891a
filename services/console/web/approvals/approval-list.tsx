import { useState } from 'preact/hooks';
import { usePolled } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { ApprovalEntry } from './approval-entry.tsx';

/** What waits for a decision in one project; nothing is shown when nothing waits. */
export function ApprovalList({ project, moved }: { project: string; moved: string | undefined }) {
  const [decided, setDecided] = useState(0);
  const { value, failure } = usePolled(
    (api, signal) => api.call('listApprovals', { params: {}, query: { project, status: 'pending' }, signal }),
    () => 10_000,
    [moved, decided],
  );
  const items = value?.items ?? [];
  if (failure) return <FailureNotice failure={failure} doing="Reading the approvals" />;
  if (items.length === 0) return null;
  return (
    <Panel title="Waiting for a decision">
      {items.map((request) => (
        <ApprovalEntry key={request.approvalId} request={request} onDecided={() => setDecided(decided + 1)} />
      ))}
    </Panel>
  );
}
