import { AppError } from '#shared/kernel/errors.ts';
import type { Version, VersionStore } from '../ports/versions.ts';

/** One version; throws DatasetVersionNotFound, naming the newest there is. */
export async function findVersion(
  store: Pick<VersionStore, 'version' | 'newest'>,
  { project, datasetVersion }: { project: string; datasetVersion: number },
): Promise<Version> {
  const found = await store.version(project, datasetVersion);
  if (found) return found;
  const newest = await store.newest(project);
  throw new AppError(
    'not_found',
    'DatasetVersionNotFound',
    `The dataset of '${project}' has no version ${datasetVersion}; ${newest ? `the newest is ${newest.datasetVersion}` : 'nothing was uploaded yet'}.`,
  );
}

/** One version whose content is there. Throws DatasetVersionNotFound, or DatasetVersionGone where retention removed it. */
export async function presentVersion(
  store: Pick<VersionStore, 'version' | 'newest'>,
  input: { project: string; datasetVersion: number },
): Promise<Version> {
  const version = await findVersion(store, input);
  if (version.expiredAt === undefined) return version;
  throw new AppError(
    'precondition_failed',
    'DatasetVersionGone',
    `The content of version ${version.datasetVersion} of the dataset of '${input.project}' was removed at ${version.expiredAt} by data.retention. Take a newer version; tag those that must stay, or let the policy keep more.`,
  );
}
