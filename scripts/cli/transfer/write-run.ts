import type { KeyValue, Metric } from './messages.ts';
import type { MlflowServer } from './mlflow-server.ts';

/** MLflow's limits of one log-batch request. */
const maxMetrics = 1000;
const maxParams = 100;
const maxTags = 100;

/** What a run logged, wherever it was logged first. */
export interface RunContent {
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  /** Every point of every metric. */
  readonly metrics: AsyncIterable<Metric> | Iterable<Metric>;
}

/** Logs all of it; again, it changes nothing. Answers the number of points. Throws MlflowRefusal. */
export async function logContent(target: MlflowServer, runId: string, content: RunContent): Promise<number> {
  for (const params of chunks(content.params, maxParams)) {
    await target.send('POST', 'runs/log-batch', { run_id: runId, params });
  }
  for (const tags of chunks(content.tags, maxTags)) {
    await target.send('POST', 'runs/log-batch', { run_id: runId, tags });
  }
  let points = 0;
  let batch: Metric[] = [];
  const flush = async () => {
    if (batch.length > 0) await target.send('POST', 'runs/log-batch', { run_id: runId, metrics: batch });
    points += batch.length;
    batch = [];
  };
  for await (const metric of content.metrics) {
    batch.push(metric);
    if (batch.length === maxMetrics) await flush();
  }
  await flush();
  return points;
}

export function* chunks<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** The experiment of a name, made where it is not there. */
export async function experimentNamed(
  target: MlflowServer,
  name: string,
  tags: readonly KeyValue[] = [],
): Promise<string> {
  const found = await target
    .get<{ experiment: { experiment_id: string } }>('experiments/get-by-name', { experiment_name: name })
    .catch((error: unknown) => {
      if (error instanceof Error && 'status' in error && error.status === 404) return undefined;
      throw error;
    });
  if (found) return found.experiment.experiment_id;
  const made = await target.send<{ experiment_id: string }>('POST', 'experiments/create', { name, tags });
  return made.experiment_id;
}
