import { DatasetVersionCreated } from '#events/datasets.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { holdsSameContent } from '../domain/version-plan.ts';
import type { RemovalStore, Version, VersionStore } from '../ports/versions.ts';
import type { Manifests, Projects, RestorationStore } from '../ports.ts';
import { presentVersion } from './present-version.ts';

export interface RestoreVersionDeps {
  readonly store: Pick<VersionStore, 'newest' | 'version'>;
  readonly restorations: RestorationStore;
  readonly removals: Pick<RemovalStore, 'state'>;
  readonly manifests: Pick<Manifests, 'read'>;
  readonly projects: Projects;
  readonly uploadsBucket: string;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export interface Restoration {
  readonly project: string;
  /** The older version whose content the next one gets. */
  readonly datasetVersion: number;
  readonly reason: string;
  readonly requestedBy: string;
}

/** Whoever makes a version at the same time is waited for so often. */
const maxAttempts = 5;

/**
 * Makes the next version with the content of an older one, and tells of it as of an upload, so that it is validated and trained on alike.
 * Throws DatasetVersionNotFound, DatasetVersionGone where retention removed the content, DatasetUnchanged where the newest version holds it already.
 */
export async function restoreVersion(deps: RestoreVersionDeps, restoration: Restoration): Promise<Version> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryRestore(deps, restoration);
    } catch (error) {
      const wasFaster = error instanceof AppError && ['VersionTaken', 'ObjectsRemoved'].includes(error.code);
      if (!wasFaster || attempt === maxAttempts) throw error;
    }
  }
}

async function tryRestore(deps: RestoreVersionDeps, restoration: Restoration): Promise<Version> {
  const { project, reason, requestedBy } = restoration;
  // Counted first: a removal that begins after it makes the commit fail, one that began before spares what a present version holds.
  const { removals } = await deps.removals.state(project);
  const older = await presentVersion(deps.store, restoration);
  const newest = (await deps.store.newest(project)) ?? older;
  const revision = await deps.projects.find(project);
  await refuseUnchanged(deps, older, newest);
  const now = deps.clock.now();
  const version: Version = {
    project,
    datasetVersion: newest.datasetVersion + 1,
    contentSha256: older.contentSha256,
    manifest: older.manifest,
    rows: older.rows,
    bytes: older.bytes,
    columns: older.columns,
    parentVersion: newest.datasetVersion,
    createdAt: now.toISOString(),
    sourceKey: older.sourceKey,
    // The contract of now, as for an upload.
    projectRevision: revision?.revision ?? newest.projectRevision,
    restoredFrom: older.datasetVersion,
    restorationReason: reason,
  };
  const { createdAt: _createdAt, sourceKey: key, ...data } = version;
  const actor = { type: 'user' as const, id: requestedBy };
  const metadata = startingJourney({ eventId: deps.ids.next(), occurredAt: now, project, actor });
  const event = DatasetVersionCreated.create(metadata, {
    ...data,
    source: { bucket: deps.uploadsBucket, key },
  });
  await deps.restorations.commit({ version, event, older, basis: { newest, removals } });
  return version;
}

async function refuseUnchanged(
  { manifests }: RestoreVersionDeps,
  older: Version,
  newest: Version,
): Promise<void> {
  if (older.datasetVersion === newest.datasetVersion)
    throw unchanged(
      `Version ${newest.datasetVersion} of the dataset of '${newest.project}' is the newest: there is nothing to restore. Name an older one.`,
    );
  const [before, now] = await Promise.all([manifests.read(older.manifest), manifests.read(newest.manifest)]);
  if (holdsSameContent(before, now))
    throw unchanged(
      `The newest version ${newest.datasetVersion} of the dataset of '${newest.project}' has the content of version ${older.datasetVersion} already. Upload what comes next.`,
    );
}

const unchanged = (message: string): AppError =>
  new AppError('precondition_failed', 'DatasetUnchanged', message);
