import type { ReleaseStarter, ReleaseStore } from '../ports.ts';
import { hasEnded } from './releases.ts';

/** A version has one release, and few are open at once. */
const releasesLookedAt = 100;

/**
 * Stops the releases of a version that are under way; what they left behind is cleared when their execution's end is told of. A version
 * that serves goes on serving: people decide whether to roll back.
 */
export async function stopReleases(
  { store, starter }: { readonly store: ReleaseStore; readonly starter: Pick<ReleaseStarter, 'stop'> },
  version: { readonly project: string; readonly model: string; readonly modelVersion: number },
  reason: string,
): Promise<void> {
  const releases = await store.listReleases(version.project, releasesLookedAt);
  const open = releases.filter(
    (release) =>
      release.model === version.model && release.modelVersion === version.modelVersion && !hasEnded(release),
  );
  for (const { releaseId } of open) await starter.stop(releaseId, reason);
}
