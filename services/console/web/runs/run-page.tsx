import { readRun } from '../api/mlflow.ts';
import type { Run } from '../api/mlflow-entities.ts';
import { usePolled } from '../api/use-api.ts';
import { ExperimentCrumb } from '../experiments/experiment-crumb.tsx';
import { Loaded } from '../parts/notices.tsx';
import { addressOf, type RunTab, runTabs } from '../routes.ts';
import { RunArtifacts } from './run-artifacts.tsx';
import { StatusBadge } from './run-cell.tsx';
import { RunMetrics } from './run-metrics.tsx';
import { RunOverview } from './run-overview.tsx';

interface RunPageProps {
  readonly runId: string;
  readonly tab: RunTab;
  readonly view: string;
}

const livePeriodMs = 3000;
const restPeriodMs = 30_000;

/** Everything of one run, in tabs. */
export function RunPage({ runId, tab, view }: RunPageProps) {
  const run = usePolled(
    (api, signal) => readRun(api, runId, signal),
    (newest) => (newest?.status === 'RUNNING' ? livePeriodMs : restPeriodMs),
  );
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.experiments()}>Experiments</a>
        {run.value && <ExperimentCrumb experimentId={run.value.experimentId} />}
      </p>
      <h1>{run.value?.runName || `Run ${runId}`}</h1>
      {run.value && <Standing run={run.value} />}
      <nav class="links tabs" aria-label="Parts of the run">
        {runTabs.map((one) => (
          <a key={one} href={addressOf.run(runId, one)} aria-current={one === tab ? 'page' : undefined}>
            {one}
          </a>
        ))}
      </nav>
      <Loaded polled={run} doing="Reading the run">
        {(value) => {
          switch (tab) {
            case 'overview':
              return <RunOverview run={value} />;
            case 'metrics':
              return <RunMetrics run={value} view={view} />;
            case 'artifacts':
              return <RunArtifacts run={value} view={view} />;
          }
        }}
      </Loaded>
    </>
  );
}

function Standing({ run: { status, lifecycleStage } }: { run: Run }) {
  return (
    <p class="lead">
      <StatusBadge status={status} /> {lifecycleStage === 'deleted' && 'This run is deleted.'}
    </p>
  );
}
