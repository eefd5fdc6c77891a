import { useState } from 'preact/hooks';
import { usePolled } from '../api/use-api.ts';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { ApprovalEntry } from './approval-entry.tsx';
import { DecidedTable } from './decided-table.tsx';

/** Requests of all projects: those that wait, then those that were decided. */
export function ApprovalInbox() {
  const [decided, setDecided] = useState(0);
  const approvals = usePolled(
    (api, signal) => api.call('listApprovals', { params: {}, signal }),
    () => 5000,
    [decided],
  );
  return (
    <>
      <h1>Approvals</h1>
      <Loaded polled={approvals} doing="Reading the approvals">
        {({ items }) => {
          const waiting = items.filter(({ status }) => status === 'pending');
          const closed = items.filter(({ status }) => status !== 'pending');
          return (
            <>
              <Panel title="Waiting for a decision">
                {waiting.length === 0 && <Empty>Nothing waits for a decision.</Empty>}
                {waiting.map((request) => (
                  <ApprovalEntry
                    key={request.approvalId}
                    request={request}
                    onDecided={() => setDecided(decided + 1)}
                  />
                ))}
              </Panel>
              {closed.length > 0 && <DecidedTable requests={closed} />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}
