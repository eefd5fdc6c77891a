import { AppError } from '#shared/kernel/errors.ts';
import type { DatasetStore, DatasetVersion } from '../ports.ts';

/** One version; throws DatasetVersionNotFound, naming the newest there is. */
export async function readDatasetVersion(
  store: DatasetStore,
  input: { project: string; datasetVersion: number },
): Promise<DatasetVersion> {
  const { project, datasetVersion } = input;
  const found = await store.version(project, datasetVersion);
  if (found) return found;
  const newest = await store.newest(project);
  throw new AppError(
    'not_found',
    'DatasetVersionNotFound',
    `The dataset of '${project}' has no version ${datasetVersion}; ${newest ? `the newest is ${newest.datasetVersion}` : 'nothing was uploaded yet'}.`,
  );
}
