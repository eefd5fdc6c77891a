import { readCurves } from '../api/mlflow.ts';
import type { Run } from '../api/mlflow-entities.ts';
import { usePolled } from '../api/use-api.ts';
import { ChartControls } from '../charts/chart-controls.tsx';
import type { ChartView } from '../charts/chart-view.ts';
import { curveOf } from '../charts/curve.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { useChartView } from '../charts/use-chart-view.ts';
import { Empty, FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { ColumnChooser } from '../runs/column-chooser.tsx';
import type { RunColumn } from '../runs/columns.ts';
import { isCurve } from '../runs/run-metrics.tsx';
import { type CompareView, compareViewText } from './compare-view.ts';

interface CurvePanelProps {
  readonly runs: readonly Run[];
  readonly view: CompareView;
  readonly onChange: (view: CompareView) => void;
}

/** So many metrics are drawn until somebody chooses. */
const curvesUnasked = 4;

/** Curves of the runs over one another, a picture for each metric. */
export function CurvePanel({ runs, view, onChange }: CurvePanelProps) {
  const [chart, setMoved] = useChartView(compareViewText(view));
  const available = metricsWithSteps(runs);
  const shown = view.curves ?? available.slice(0, curvesUnasked);
  if (available.length === 0) return null;
  return (
    <Panel title="Curves">
      <div class="toolbar">
        <ColumnChooser
          title="Metrics"
          available={available.map(metricColumn)}
          chosen={shown.map(metricColumn)}
          onChoose={(chosen) => onChange({ ...view, curves: chosen?.map(({ key }) => key) })}
        />
        <ChartControls
          view={chart}
          onMove={setMoved}
          onChange={(next) => onChange({ ...view, chart: next })}
        />
      </div>
      {shown.length === 0 && <Empty>No metric is chosen.</Empty>}
      <div class="charts broad">
        {shown.map((metric) => (
          <ComparedCurves key={metric} runs={runs} metric={metric} chart={chart} />
        ))}
      </div>
    </Panel>
  );
}

const metricColumn = (key: string): RunColumn => ({ family: 'metrics', key });

const metricsWithSteps = (runs: readonly Run[]): string[] =>
  [
    ...new Set(runs.flatMap(({ metrics }) => [...metrics.values()].filter(isCurve).map(({ key }) => key))),
  ].sort();

interface ComparedCurvesProps {
  readonly runs: readonly Run[];
  readonly metric: string;
  readonly chart: ChartView;
}

function ComparedCurves({ runs, metric, chart }: ComparedCurvesProps) {
  const having = runs.filter(({ metrics }) => metrics.has(metric));
  const runIds = having.map(({ runId }) => runId);
  const isLive = having.some(({ status }) => status === 'RUNNING');
  const { value, failure } = usePolled(
    (api, signal) => readCurves(api, { runIds, metric }, signal),
    () => (isLive ? 5000 : 300_000),
    [runIds.join(), isLive],
  );
  const curves = having.map((run) =>
    curveOf(
      { id: run.runId, label: run.runName || run.runId, ink: runs.indexOf(run) },
      value?.get(run.runId) ?? [],
      chart,
    ),
  );
  return (
    <div>
      {failure && <FailureNotice failure={failure} doing={`Reading ${metric}`} />}
      <LineChart title={metric} curves={curves} xKind={chart.xKind} isLog={chart.isLog} height={260} />
    </div>
  );
}
