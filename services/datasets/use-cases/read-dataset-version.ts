import { AppError } from '#shared/kernel/errors.ts';
import type { DatasetStore, DatasetVersion } from '../ports.ts';

/** One version, or the newest; throws DatasetVersionNotFound, naming the newest there is. */
export async function readDatasetVersion(
  store: DatasetStore,
  input: { project: string; datasetVersion?: number | undefined },
): Promise<DatasetVersion> {
  const { project, datasetVersion } = input;
  const found = datasetVersion === undefined ? undefined : await store.version(project, datasetVersion);
  const newest = found ?? (await store.newest(project));
  if (newest && (found || datasetVersion === undefined)) return newest;
  throw new AppError(
    'not_found',
    'DatasetVersionNotFound',
    `The dataset of '${project}' has no version${datasetVersion === undefined ? '' : ` ${datasetVersion}`}; ${newest ? `the newest is ${newest.datasetVersion}` : 'nothing was uploaded yet'}.`,
  );
}
