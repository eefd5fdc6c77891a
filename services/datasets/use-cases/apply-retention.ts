import { DatasetVersionExpired } from '#events/datasets.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { collect } from '#shared/kernel/collect.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { ManifestObject } from '../contract.ts';
import { ObjectHolders, type RetentionPolicy, versionsBeyond } from '../domain/retention-plan.ts';
import type { ExpiringVersion, Marks, Version, VersionStore } from '../ports/versions.ts';
import type { Manifests } from '../ports.ts';
import { type FinishRemovalDeps, finishRemoval, planRemoval } from './finish-removal.ts';

export interface ApplyRetentionDeps extends FinishRemovalDeps {
  readonly store: VersionStore;
  readonly manifests: Manifests;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** A transaction has 100 writes, and a version takes three. */
const maxVersionsAtOnce = 25;

/**
 * Removes the content of versions that the policy does not keep, that have no tag and that nothing was trained on, and of their objects
 * those that no other version holds. Answers the numbers of the versions. Throws VersionsChanged where somebody changed them meanwhile: the next
 * round decides again.
 */
export async function applyRetention(
  deps: ApplyRetentionDeps,
  { project, policy }: { readonly project: string; readonly policy: RetentionPolicy | undefined },
): Promise<number[]> {
  await finishRemoval(deps, project);
  if (policy === undefined) return [];
  const versions = await collect(deps.store.each(project, 'newestFirst'));
  const newest = versions[0];
  const present = versions.filter(({ expiredAt }) => expiredAt === undefined);
  const unmarked: { version: Version; marks: Marks }[] = [];
  for (const version of versionsBeyond(policy, present, deps.clock.now())) {
    if (version.datasetVersion === newest?.datasetVersion) continue;
    const marks = await deps.store.marks(project, version.datasetVersion);
    if (marks.tags.length === 0 && !marks.isTrainedOn) unmarked.push({ version, marks });
  }
  if (!newest || unmarked.length === 0) return [];
  const holders = new ObjectHolders();
  for (const { manifest } of present) holders.add((await deps.manifests.read(manifest)).objects);
  for (let start = 0; start < unmarked.length; start += maxVersionsAtOnce) {
    const batch = unmarked.slice(start, start + maxVersionsAtOnce);
    await expire(deps, { project, newest, batch, holders });
  }
  return unmarked.map(({ version }) => version.datasetVersion);
}

async function expire(
  deps: ApplyRetentionDeps,
  work: {
    readonly project: string;
    readonly newest: Version;
    readonly batch: readonly { version: Version; marks: Marks }[];
    readonly holders: ObjectHolders;
  },
): Promise<void> {
  const { project, newest, batch, holders } = work;
  const expiring: ExpiringVersion[] = [];
  const unheld: ManifestObject[] = [];
  for (const { version, marks } of batch) {
    const own = holders.release((await deps.manifests.read(version.manifest)).objects);
    unheld.push(...own);
    expiring.push({ version, marks, event: expiredEvent(deps, version, own) });
  }
  const refs = await deps.objects.list(unheld.map(({ uri }) => uri));
  const removal = await planRemoval(deps, project, refs);
  const expiredAt = deps.clock.now().toISOString();
  await deps.removals.expire(project, { newest, expiring, expiredAt, removal });
  await finishRemoval(deps, project);
}

function expiredEvent({ clock, ids }: ApplyRetentionDeps, version: Version, own: readonly ManifestObject[]) {
  const { project, datasetVersion, contentSha256 } = version;
  const actor = { type: 'service' as const, id: 'datasets' };
  const metadata = startingJourney({ eventId: ids.next(), occurredAt: clock.now(), project, actor });
  return DatasetVersionExpired.create(metadata, {
    project,
    datasetVersion,
    contentSha256,
    removedObjects: own.length,
    removedBytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
  });
}
