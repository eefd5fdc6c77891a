import { type Dataset, datasetKey } from '../domain/dataset.ts';
import type { TrackedRun } from '../domain/run.ts';
import type { DatasetStore } from '../ports/dataset-store.ts';

/** Descriptions of the datasets that runs used, by `runDatasetKey`. */
export type Descriptions = ReadonlyMap<string, Dataset>;

export const runDatasetKey = (experimentId: string, dataset: Pick<Dataset, 'name' | 'digest'>): string =>
  `${experimentId} ${datasetKey(dataset)}`;

/** Reads what the runs' datasets are, each once. */
export async function describeRuns(
  datasets: DatasetStore,
  runs: readonly TrackedRun[],
): Promise<Descriptions> {
  const wanted = runs.flatMap((run) =>
    run.datasets.map(({ name, digest }) => ({ experimentId: run.experimentId, name, digest })),
  );
  if (wanted.length === 0) return new Map();
  const found = await datasets.readAll(wanted);
  return new Map(found.map((dataset) => [runDatasetKey(dataset.experimentId, dataset), dataset]));
}
