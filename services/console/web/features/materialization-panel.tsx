import { useState } from 'preact/hooks';
import type { AnswerOf } from '../api/operations.ts';
import { useClient, usePolled } from '../api/use-api.ts';
import { StatusMark, type StepStatus } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, FailureNotice, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { useSubmission } from '../parts/use-submission.ts';

type Materialization = AnswerOf<'listMaterializations'>['items'][number];

/** How values came online, and a button that brings them there now. */
export function MaterializationPanel({ project, view }: { project: string; view: string }) {
  const client = useClient();
  const { sending, failure, submit } = useSubmission();
  const [asked, setAsked] = useState(0);
  const runs = usePolled(
    (api, signal) => api.call('listMaterializations', { params: { project, view }, signal }),
    (newest) => (newest?.items.some(({ status }) => status === 'running') ? 1000 : 10_000),
    [asked],
  );
  const start = () =>
    submit(async () => {
      await client.call('materialize', { params: { project, view }, body: {} });
      setAsked((before) => before + 1);
    });
  return (
    <Panel
      title="Materializations"
      aside={
        <button type="button" disabled={sending} onClick={start}>
          Materialize now
        </button>
      }
    >
      {failure && <FailureNotice failure={failure} doing="Materializing" />}
      <Loaded polled={runs} doing="Reading the materializations">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>None yet. New validated data starts one, where the view says so.</Empty>
          ) : (
            <Table
              caption="Materializations, newest first"
              rows={items}
              keyOf={({ materializationId }) => materializationId}
              columns={[
                { title: '', cell: ({ status }) => <StatusMark status={status satisfies StepStatus} /> },
                { title: 'Because of', cell: ({ occasion, mode }) => `${occasion} (${mode})` },
                { title: 'Known at', cell: ({ asOf }) => <Moment at={asOf} /> },
                { title: 'Dataset version', numeric: true, cell: ({ datasetVersion }) => datasetVersion },
                { title: 'Result', wide: true, cell: (run) => <Result run={run} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Result({ run: { status, progress, written, failure } }: { run: Materialization }) {
  if (failure !== undefined) return <span>{failure}</span>;
  if (written) {
    const { put, deleted, skipped } = written;
    return (
      <span>
        {put.toLocaleString('en')} written, {deleted.toLocaleString('en')} deleted
        {skipped > 0 && `, ${skipped.toLocaleString('en')} left alone for newer ones`}
      </span>
    );
  }
  if (status !== 'running' || !progress) return null;
  return (
    <label class="filling">
      {progress.rowsDone.toLocaleString('en')} of {progress.rows.toLocaleString('en')} rows{' '}
      <progress max={progress.rows} value={progress.rowsDone} />
    </label>
  );
}
