import { useState } from 'preact/hooks';
import { ApiFailure } from '../api/client.ts';
import { usePolled } from '../api/use-api.ts';
import { useListed } from '../api/use-listed.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { countText } from '../text/format.ts';
import { ReleaseForm } from './release-form.tsx';
import { CellText } from './sample-rows.tsx';

interface QuarantineProps {
  readonly project: string;
  readonly datasetVersion: number;
}

/** The rows that wait for a repair or a release; nothing where there are none. */
export function QuarantinePanel({ project, datasetVersion }: QuarantineProps) {
  const counts = usePolled(
    (api, signal) =>
      api.call('listQuarantine', { params: { project, datasetVersion }, query: { limit: 1 }, signal }),
    (newest) => (newest ? 15_000 : 3000),
  );
  if (counts.failure && !(counts.failure instanceof ApiFailure && counts.failure.status === 404)) {
    return <FailureNotice failure={counts.failure} doing="Reading the quarantine" />;
  }
  if (!counts.value || counts.value.quarantinedRows === 0) return null;
  const { quarantinedRows, repairedRows } = counts.value;
  return (
    <Panel title="Quarantine">
      <p>
        {countText(quarantinedRows, 'row')} in quarantine, {repairedRows.toLocaleString('en')} of them
        repaired by a later upload. Upload the corrected rows to repair the others; an approver may release
        them as they are.
      </p>
      <QuarantineRows project={project} datasetVersion={datasetVersion} />
      <ReleaseForm project={project} datasetVersion={datasetVersion} />
    </Panel>
  );
}

function QuarantineRows({ project, datasetVersion }: QuarantineProps) {
  const [check, setCheck] = useState('');
  const list = useListed(async (api, pageToken, signal) => {
    const query = { limit: 50, ...(pageToken ? { pageToken } : {}), ...(check ? { check } : {}) };
    return api.call('listQuarantine', { params: { project, datasetVersion }, query, signal });
  }, `${project}/${datasetVersion}/${check}`);
  const items = list.items ?? [];
  const names = [...new Set(items.flatMap(({ values }) => Object.keys(values)))];
  return (
    <>
      <label class="choice">
        Only rows that break
        <input
          value={check}
          placeholder="range:age"
          autoComplete="off"
          onChange={(event) => setCheck(event.currentTarget.value.trim())}
        />
      </label>
      {list.failure && <FailureNotice failure={list.failure} doing="Reading the quarantine" />}
      <Table
        caption="Rows in quarantine, as they were uploaded"
        rows={items}
        keyOf={({ objectSha256, row }) => `${objectSha256} ${row}`}
        columns={[
          { title: 'Row', numeric: true, cell: ({ row }) => row },
          { title: 'Why', wide: true, cell: ({ reasons }) => reasons.join('; ') },
          {
            title: 'Repaired in',
            numeric: true,
            cell: ({ repairedIn }) =>
              repairedIn && <a href={addressOf.datasetVersion(project, repairedIn)}>{repairedIn}</a>,
          },
          ...names.map((name) => ({
            title: name,
            cell: ({ values }: (typeof items)[number]) => <CellText value={values[name]} />,
          })),
        ]}
      />
      {!list.isComplete && list.items && (
        <button type="button" onClick={list.more}>
          More rows
        </button>
      )}
    </>
  );
}
