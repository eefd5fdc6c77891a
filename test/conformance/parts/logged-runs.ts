/** What was logged for a browser to look at. */
export interface LoggedRuns {
  readonly experimentName: string;
  readonly experimentId: string;
  /** Of the two runs with curves. */
  readonly curveRunIds: readonly string[];
}

const stepsOfCurve = 50;
/** So many requests at a time. */
const parallel = 8;

/**
 * Logs an experiment by MLflow's API: two runs with curves and an artifact that would like to run, a child
 * of the first, and many short runs before them.
 */
export async function logRuns(url: string, experimentName: string, shortRuns: number): Promise<LoggedRuns> {
  const api = mlflowApi(url);
  const { experiment_id: experimentId } = (await api('experiments/create', { name: experimentName })) as {
    experiment_id: string;
  };
  const start = async (name: string, startMs: number, tags: readonly object[] = []) => {
    const created = await api('runs/create', {
      experiment_id: experimentId,
      run_name: name,
      start_time: 1,
      tags,
    });
    return (created as { run: { info: { run_id: string; artifact_uri: string } } }).run.info;
  };
  const end = (runId: string) => api('runs/update', { run_id: runId, status: 'FINISHED', end_time: 60_000 });

  const names = Array.from({ length: shortRuns }, (_, index) => `short-${String(index).padStart(4, '0')}`);
  for (let from = 0; from < names.length; from += parallel) {
    await Promise.all(
      names.slice(from, from + parallel).map(async (name, index) => {
        const { run_id } = await start(name, 1 + from + index);
        const metrics = [{ key: 'score', value: from + index, timestamp: 1, step: 0 }];
        await api('runs/log-batch', { run_id, metrics, params: [{ key: 'depth', value: String(index) }] });
        await end(run_id);
      }),
    );
  }
  const curveRunIds: string[] = [];
  for (const [index, name] of ['slow', 'quick'].entries()) {
    const { run_id, artifact_uri } = await start(name, 10_000 + index);
    const metrics = Array.from({ length: stepsOfCurve }, (_, step) => ({
      key: 'val/loss',
      value: 1 / (1 + step * (index + 1)),
      timestamp: 1000 + step,
      step,
    }));
    await api('runs/log-batch', { run_id, metrics, params: [{ key: 'pace', value: name }] });
    await putArtifact(url, artifact_uri, 'notes/page.html', "<script>document.title = 'it ran'</script>");
    await end(run_id);
    curveRunIds.push(run_id);
  }
  await end((await start('part', 20_000, [{ key: 'mlflow.parentRunId', value: curveRunIds[0] }])).run_id);
  return { experimentName, experimentId, curveRunIds };
}

function mlflowApi(url: string) {
  return async (operation: string, message: object): Promise<unknown> => {
    const response = await fetch(`${url}/api/2.0/mlflow/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

async function putArtifact(url: string, artifactUri: string, path: string, body: string): Promise<void> {
  const root = artifactUri.replace(/^mlflow-artifacts:\/*/, '');
  const address = `${url}/api/2.0/mlflow-artifacts/artifacts/${root}/${path}`;
  const response = await fetch(address, { method: 'PUT', body });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
