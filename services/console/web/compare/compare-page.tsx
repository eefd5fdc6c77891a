import { readRun } from '../api/mlflow.ts';
import type { Run } from '../api/mlflow-entities.ts';
import { usePolled } from '../api/use-api.ts';
import { ExperimentCrumb } from '../experiments/experiment-crumb.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { addressOf, goTo } from '../routes.ts';
import { ColumnChooser } from '../runs/column-chooser.tsx';
import { columnName, columnTitle, type RunColumn } from '../runs/columns.ts';
import { countText } from '../text/format.ts';
import { type CompareView, compareViewText, readCompareView } from './compare-view.ts';
import { CurvePanel } from './curve-panel.tsx';
import { DifferenceTable } from './difference-table.tsx';
import { ParallelPicture } from './parallel-picture.tsx';
import { axesOf, comparedColumns, isDifferent, isNumeric, sameColumn } from './run-values.ts';
import { ScatterPicture } from './scatter-picture.tsx';

/** Several runs beside each other. */
export function ComparePage({ view: viewText }: { view: string }) {
  const view = readCompareView(viewText);
  const runs = usePolled(
    (api, signal) => Promise.all(view.runIds.map((runId) => readRun(api, runId, signal))),
    (newest) => (newest?.some(({ status }) => status === 'RUNNING') ? 5000 : 120_000),
    [view.runIds.join()],
  );
  const change = (next: CompareView) => goTo(addressOf.compare(compareViewText(next)), { replace: true });
  if (view.runIds.length === 0) {
    return <Empty>Select runs in the table of an experiment to compare them.</Empty>;
  }
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.experiments()}>Experiments</a>
        {[...new Set(runs.value?.map(({ experimentId }) => experimentId))].map((experimentId) => (
          <ExperimentCrumb
            key={experimentId}
            experimentId={experimentId}
            view={`selected=${view.runIds.join()}`}
          />
        ))}
      </p>
      <h1>Comparison of {countText(view.runIds.length, 'run')}</h1>
      <Loaded polled={runs} doing="Reading the runs">
        {(value) => <Comparison runs={value} view={view} onChange={change} />}
      </Loaded>
    </>
  );
}

interface ComparisonProps {
  readonly runs: readonly Run[];
  readonly view: CompareView;
  readonly onChange: (view: CompareView) => void;
}

function Comparison({ runs, view, onChange }: ComparisonProps) {
  const axes = view.axes ?? axesOf(runs);
  return (
    <>
      <CurvePanel runs={runs} view={view} onChange={onChange} />
      <Panel
        title="Parallel coordinates"
        aside={
          <ColumnChooser
            title="Axes"
            available={comparedColumns(runs)}
            chosen={axes}
            onChoose={(chosen) => onChange({ ...view, axes: chosen })}
          />
        }
      >
        {axes.length > 0 ? <ParallelPicture runs={runs} axes={axes} /> : <Empty>No axis is chosen.</Empty>}
      </Panel>
      <ScatterPanel runs={runs} view={view} onChange={onChange} />
      <Panel
        title="Params and metrics"
        aside={
          <label class="check">
            <input
              type="checkbox"
              checked={view.differencesOnly}
              onChange={() => onChange({ ...view, differencesOnly: !view.differencesOnly })}
            />
            Only differences
          </label>
        }
      >
        <DifferenceTable runs={runs} differencesOnly={view.differencesOnly} />
      </Panel>
    </>
  );
}

function ScatterPanel({ runs, view, onChange }: ComparisonProps) {
  const numeric = comparedColumns(runs).filter((column) => isNumeric(runs, column));
  const different = numeric.filter((column) => isDifferent(runs, column));
  const chosen = (asked: RunColumn | undefined, family: RunColumn['family'], but?: RunColumn) =>
    (asked && numeric.find((column) => sameColumn(column, asked))) ??
    different.find((column) => column.family === family && column !== but) ??
    different.find((column) => column !== but) ??
    numeric[0];
  const across = chosen(view.scatterX, 'params');
  const up = chosen(view.scatterY, 'metrics', across);
  if (!across || !up) return null;
  return (
    <Panel title="Scatter">
      <div class="toolbar">
        <ColumnSelect
          label="Across"
          columns={numeric}
          chosen={across}
          onChoose={(scatterX) => onChange({ ...view, scatterX })}
        />
        <ColumnSelect
          label="Up"
          columns={numeric}
          chosen={up}
          onChoose={(scatterY) => onChange({ ...view, scatterY })}
        />
      </div>
      <ScatterPicture runs={runs} across={across} up={up} />
    </Panel>
  );
}

interface ColumnSelectProps {
  readonly label: string;
  readonly columns: readonly RunColumn[];
  readonly chosen: RunColumn;
  readonly onChoose: (column: RunColumn | undefined) => void;
}

function ColumnSelect({ label, columns, chosen, onChoose }: ColumnSelectProps) {
  return (
    <label>
      {label}
      <select
        value={columnName(chosen)}
        onChange={(event) =>
          onChoose(columns.find((column) => columnName(column) === event.currentTarget.value))
        }
      >
        {columns.map((column) => (
          <option key={columnName(column)} value={columnName(column)}>
            {columnTitle(column)} ({column.family === 'params' ? 'param' : 'metric'})
          </option>
        ))}
      </select>
    </label>
  );
}
