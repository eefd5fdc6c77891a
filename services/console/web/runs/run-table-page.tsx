import { useMemo } from 'preact/hooks';
import { readExperiment } from '../api/mlflow.ts';
import { usePolled } from '../api/use-api.ts';
import { Empty, FailureNotice } from '../parts/notices.tsx';
import { addressOf, goTo } from '../routes.ts';
import { countText } from '../text/format.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { columnsIn, columnsUnasked, orderText } from './columns.ts';
import { parentTag, rowsOf } from './family-tree.ts';
import { FilterForm, isRefusedQuestion } from './filter-form.tsx';
import { RunTable } from './run-table.tsx';
import {
  isNested,
  mostSelected,
  readTableView,
  type TableView,
  tableViewText,
  withNextOrder,
  withToggled,
} from './table-view.ts';
import { useFamilies } from './use-families.ts';
import { type RunPages, useRunPages } from './use-run-pages.ts';

const withoutParent = `tags.\`${parentTag}\` IS NULL`;

/** The runs of one experiment. */
export function RunTablePage({ experimentId, view: viewText }: { experimentId: string; view: string }) {
  const view = readTableView(viewText);
  const nested = isNested(view);
  const orderBy = view.order ? [orderText(view.order.column, view.order.descending)] : [];
  const pages = useRunPages({
    experimentIds: [experimentId],
    filter: nested ? [view.filter, withoutParent].filter(Boolean).join(' AND ') : view.filter,
    orderBy,
    view: view.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
  });
  const families = useFamilies(experimentId, orderBy, nested);
  const rows = useMemo(
    () =>
      nested
        ? rowsOf(pages.runs, families)
        : pages.runs.map((run) => ({ run, depth: 0, children: 'none' as const })),
    [nested, pages.runs, families.parents, families.open, families.childrenOf],
  );
  const available = useMemo(() => columnsIn(rows.map(({ run }) => run)), [rows]);
  const columns = view.columns ?? columnsUnasked(available);
  const change = (next: TableView, replace = true) =>
    goTo(addressOf.experiment(experimentId, tableViewText(next)), { replace });
  return (
    <>
      <ExperimentHead experimentId={experimentId} />
      <FilterForm
        filter={view.filter}
        failure={pages.failure}
        onFilter={(filter) => change({ ...view, filter }, false)}
      />
      <div class="toolbar">
        <ColumnChooser
          title="Columns"
          available={available}
          chosen={columns}
          onChoose={(chosen) => change({ ...view, columns: chosen })}
        />
        <ViewSwitches view={view} onChange={change} />
        <button type="button" onClick={pages.again}>
          Refresh
        </button>
        <Selection view={view} onClear={() => change({ ...view, selected: [] })} />
      </div>
      {pages.failure && !isRefusedQuestion(pages.failure) && (
        <FailureNotice failure={pages.failure} doing="Reading the runs" />
      )}
      {families.failure && <FailureNotice failure={families.failure} doing="Reading the child runs" />}
      <RunTable
        caption="Runs"
        rows={rows}
        columns={columns}
        view={view}
        isNested={nested}
        isComplete={pages.isComplete}
        isStale={pages.isFirstPending && pages.runs.length > 0}
        onSelect={(runId) => change(withToggled(view, runId))}
        onToggle={families.toggle}
        onOrder={(column) => change(withNextOrder(view, column))}
        onNearEnd={pages.more}
      />
      <Progress pages={pages} hasFilter={view.filter !== ''} />
    </>
  );
}

/** Name, project and description of the experiment. */
function ExperimentHead({ experimentId }: { experimentId: string }) {
  const experiment = usePolled(
    (api, signal) => readExperiment(api, experimentId, signal),
    () => 60_000,
  );
  const note = experiment.value?.tags.get('mlflow.note.content');
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.experiments()}>Experiments</a>
      </p>
      <h1>{experiment.value?.name ?? `Experiment ${experimentId}`}</h1>
      {note && <p class="lead note">{note}</p>}
      {experiment.failure && <FailureNotice failure={experiment.failure} doing="Reading the experiment" />}
    </>
  );
}

function ViewSwitches({ view, onChange }: { view: TableView; onChange: (view: TableView) => void }) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={isNested(view)}
          onChange={() => onChange({ ...view, nested: !isNested(view) })}
        />
        Children below parents
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={view.deleted}
          onChange={() => onChange({ ...view, deleted: !view.deleted })}
        />
        Deleted runs
      </label>
    </>
  );
}

function Selection({ view: { selected }, onClear }: { view: TableView; onClear: () => void }) {
  if (selected.length === 0) return <p class="muted selection">Select runs to compare them.</p>;
  return (
    <p class="selection">
      {selected.length} selected{selected.length === mostSelected && ', as many as can be compared'}{' '}
      {selected.length > 1 && (
        <a class="button primary" href={addressOf.compare(`runs=${selected.join()}`)}>
          Compare
        </a>
      )}
      <button type="button" onClick={onClear}>
        Clear
      </button>
    </p>
  );
}

/** How much of the answer is there. */
function Progress({ pages, hasFilter }: { pages: RunPages; hasFilter: boolean }) {
  if (pages.isComplete && pages.runs.length === 0) {
    return (
      <Empty>
        {hasFilter ? 'No run fits the filter.' : 'No run yet. Any MLflow client can log one here.'}
      </Empty>
    );
  }
  if (pages.failure) return null;
  const count = countText(pages.runs.length, 'run');
  return (
    <p class="muted" role="status">
      {pages.isFirstPending
        ? 'Reading the runs …'
        : pages.isComplete
          ? `${count}, all of them`
          : `${count} read so far`}
    </p>
  );
}
