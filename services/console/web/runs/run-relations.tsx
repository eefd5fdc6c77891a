import { searchRuns, searchVersions } from '../api/mlflow.ts';
import type { Run } from '../api/mlflow-entities.ts';
import { usePolled } from '../api/use-api.ts';
import { AliasBadges } from '../models/registered-versions.tsx';
import { FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { parentTag } from './family-tree.ts';
import { Instant, StatusBadge } from './run-cell.tsx';
import { tableViewText } from './table-view.ts';

/** So many children are named here; the table of the experiment has all of them. */
const mostChildren = 20;

/** Runs that are a part of this one. Nothing where there are none. */
export function RunChildren({ run: { runId, experimentId } }: { run: Run }) {
  const filter = `tags.\`${parentTag}\` = '${runId}'`;
  const children = usePolled(
    (api, signal) =>
      searchRuns(
        api,
        { experimentIds: [experimentId], filter, orderBy: [], maxResults: mostChildren },
        signal,
      ),
    () => 30_000,
  );
  const { value, failure } = children;
  if (failure) return <FailureNotice failure={failure} doing="Reading the child runs" />;
  if (!value || value.items.length === 0) return null;
  const all = tableViewText({ filter, selected: [], deleted: false });
  return (
    <Panel title="Child runs" aside={<a href={addressOf.experiment(experimentId, all)}>In the run table</a>}>
      <Table
        caption="Child runs, newest first"
        rows={value.items}
        keyOf={(child) => child.runId}
        columns={[
          { title: 'Name', cell: (child) => <a href={addressOf.run(child.runId)}>{child.runName}</a> },
          { title: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
          { title: 'Started', cell: ({ startMs }) => <Instant ms={startMs} /> },
        ]}
      />
      {value.nextPageToken && <p class="muted">The newest {mostChildren}.</p>}
    </Panel>
  );
}

/** Model versions that were registered from this run. Nothing where there are none. */
export function RunVersions({ runId }: { runId: string }) {
  const { value, failure } = usePolled(
    (api, signal) => searchVersions(api, { filter: `run_id = '${runId}'` }, signal),
    () => 30_000,
  );
  if (failure) return <FailureNotice failure={failure} doing="Reading the model versions" />;
  if (!value || value.items.length === 0) return null;
  return (
    <Panel title="Registered from this run">
      <Table
        caption="Model versions registered from this run"
        rows={value.items}
        keyOf={({ model, version }) => `${model} ${version}`}
        columns={[
          { title: 'Model', cell: ({ model }) => <a href={addressOf.model(model)}>{model}</a> },
          { title: 'Version', numeric: true, cell: ({ version }) => version },
          {
            title: 'Alias',
            cell: ({ aliases }) => <AliasBadges aliases={aliases} />,
          },
          { title: 'Registered', cell: ({ createdMs }) => <Instant ms={createdMs} /> },
        ]}
      />
    </Panel>
  );
}
