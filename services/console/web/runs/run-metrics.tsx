import { useState } from 'preact/hooks';
import { readCurves } from '../api/mlflow.ts';
import type { MetricPoint, Run } from '../api/mlflow-entities.ts';
import { usePolled } from '../api/use-api.ts';
import { ChartControls } from '../charts/chart-controls.tsx';
import { type ChartView, withChartView } from '../charts/chart-view.ts';
import { curveOf } from '../charts/curve.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { useChartView } from '../charts/use-chart-view.ts';
import { Empty, FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { addressOf, goTo } from '../routes.ts';

/** So many pictures at first, and so many more each time. */
const picturesAtOnce = 8;
const livePeriodMs = 3000;
const restPeriodMs = 120_000;

/** Curves of all metrics that were logged more than once; they move while the run goes on. */
export function RunMetrics({ run, view: viewText }: { run: Run; view: string }) {
  const [view, setMoved] = useChartView(viewText);
  const [part, setPart] = useState('');
  const [most, setMost] = useState(picturesAtOnce);
  const metrics = [...run.metrics.values()]
    .filter(isCurve)
    .map(({ key }) => key)
    .sort();
  const found = metrics.filter((key) => key.toLowerCase().includes(part.toLowerCase()));
  if (metrics.length === 0) {
    return (
      <Panel title="Curves">
        <Empty>No metric has more than one step yet. Single values are in the overview.</Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Curves" aside={<span class="muted">{run.status === 'RUNNING' && 'live'}</span>}>
      <div class="toolbar">
        <label>
          Find a metric
          <input value={part} onInput={(event) => setPart(event.currentTarget.value)} autoComplete="off" />
        </label>
        <ChartControls
          view={view}
          onMove={setMoved}
          onChange={(next) =>
            goTo(addressOf.run(run.runId, 'metrics', withChartView(viewText, next)), { replace: true })
          }
        />
      </div>
      {found.length === 0 && <Empty>No metric's name holds '{part}'.</Empty>}
      <div class="charts">
        {found.slice(0, most).map((metric) => (
          <MetricPicture key={metric} run={run} metric={metric} view={view} />
        ))}
      </div>
      {found.length > most && (
        <button type="button" onClick={() => setMost(most + picturesAtOnce)}>
          More ({found.length - most})
        </button>
      )}
    </Panel>
  );
}

/** A step other than 0 means that there were steps. */
export const isCurve = ({ step }: MetricPoint): boolean => step !== 0;

interface MetricPictureProps {
  readonly run: Run;
  readonly metric: string;
  readonly view: ChartView;
}

function MetricPicture({ run: { runId, runName, status }, metric, view }: MetricPictureProps) {
  const { value, failure } = usePolled(
    (api, signal) => readCurves(api, { runIds: [runId], metric }, signal),
    () => (status === 'RUNNING' ? livePeriodMs : restPeriodMs),
    [status],
  );
  const points = value?.get(runId) ?? [];
  const curve = curveOf({ id: runId, label: runName, ink: 0 }, points, view);
  return (
    <div>
      {failure && <FailureNotice failure={failure} doing={`Reading ${metric}`} />}
      <LineChart title={metric} curves={[curve]} xKind={view.xKind} isLog={view.isLog} height={200} />
    </div>
  );
}
