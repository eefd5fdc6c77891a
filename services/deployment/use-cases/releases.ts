import { AppError } from '#shared/kernel/errors.ts';
import type { Release, ReleaseStore, ServableRelease } from '../ports.ts';

/** Whether nothing more happens to a release. */
export const hasEnded = ({ status }: Pick<Release, 'status'>): boolean =>
  status === 'completed' || status === 'rolled_back' || status === 'rejected';

/** The release that a task speaks of; ReleaseNotFound when there is none, which no retry cures. */
export async function requireRelease(
  store: ReleaseStore,
  project: string,
  releaseId: string,
): Promise<Release> {
  const release = await store.readRelease(project, releaseId);
  if (release) return release;
  throw new AppError('not_found', 'ReleaseNotFound', `Project '${project}' has no release '${releaseId}'.`);
}

/** The release that a task speaks of, of a version that can be served. Throws ReleaseNotFound, NotServable. */
export async function requireServable(
  store: ReleaseStore,
  project: string,
  releaseId: string,
): Promise<ServableRelease> {
  const release = await requireRelease(store, project, releaseId);
  if (isServable(release)) return release;
  throw new AppError(
    'precondition_failed',
    'NotServable',
    `Version ${release.modelVersion} of '${project}' cannot be served: nothing was packed for it.`,
  );
}

export const isServable = (release: Release): release is ServableRelease =>
  release.artifact !== undefined && release.trainingImage !== undefined && release.signature !== undefined;
