import type * as z from 'zod';
import { DatasetErasureRequested } from '#events/datasets.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { ObjectVersions } from '#shared/contracts/object-versions.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { erasureCertificate } from '../contract.ts';
import type { Documents, Erasure, ErasureRecord, ErasureStore, VersionStore } from '../ports/versions.ts';
import type { Projects } from '../ports.ts';

export interface RequestErasureDeps {
  readonly store: VersionStore;
  readonly erasures: ErasureStore;
  readonly documents: Documents;
  readonly objects: ObjectVersions;
  readonly projects: Projects;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Unguessable text. */
  readonly nonce: () => string;
}

/**
 * Asks for the rows of data subjects to be erased. The keys are kept in a document of their own, which is deleted a week after the erasure;
 * facts and items name them by digest. Throws ProjectNotFound, NothingToErase, ErasureRunning.
 */
export async function requestErasure(
  deps: RequestErasureDeps,
  input: {
    readonly project: string;
    readonly primaryKeys: readonly string[];
    readonly reason: string;
    readonly requestedBy: string;
  },
): Promise<Erasure> {
  const { project, reason, requestedBy } = input;
  const { primaryKey, type } = await keyColumn(deps, project);
  const now = deps.clock.now();
  const erasureId = deps.ids.next();
  const primaryKeys = [...new Set(input.primaryKeys)];
  const keysDocument = await deps.documents.write(project, `erasures/${erasureId}/keys.json`, {
    schemaVersion: 1,
    project,
    erasureId,
    primaryKey,
    primaryKeys,
    nonce: deps.nonce(),
  });
  const erasure: ErasureRecord = {
    erasureId,
    status: 'running',
    requestedBy,
    requestedAt: now.toISOString(),
    reason,
    keys: primaryKeys.length,
    keyDigests: primaryKeys.map((key) => erasedKeyDigest(erasureId, key)),
    keysDocument,
    type,
  };
  try {
    await deps.erasures.request(project, erasure, requestedEvent(project, erasure, { now, by: requestedBy }));
  } catch (error) {
    await deps.objects.remove(await deps.objects.list([keysDocument.uri]));
    throw error;
  }
  return shown(erasure);
}

/**
 * Lets an erasure that failed go on where it stopped, with its keys and its work plan: only so the objects that it had replaced already are
 * deleted. Throws ErasureNotFound, ErasureNotFailed, ErasureKeysGone, ErasureRunning.
 */
export async function resumeErasure(
  { erasures, clock, ids }: Pick<RequestErasureDeps, 'erasures' | 'clock' | 'ids'>,
  { project, erasureId, requestedBy }: { project: string; erasureId: string; requestedBy: string },
): Promise<Erasure> {
  const found = await findErasure(erasures, project, erasureId);
  if (found.status !== 'failed')
    throw new AppError(
      'precondition_failed',
      'ErasureNotFailed',
      `Erasure ${erasureId} of '${project}' is ${found.status}: only one that failed can be resumed.`,
    );
  if (!found.keysDocument)
    throw new AppError(
      'precondition_failed',
      'ErasureKeysGone',
      `The keys of erasure ${erasureId} were deleted a week after it failed. Ask for it again.`,
    );
  const { failure: _failure, completedAt: _completedAt, ...kept } = found;
  const now = clock.now();
  const resumed = { ...kept, status: 'running' as const };
  const event = requestedEvent(project, resumed, { now, by: requestedBy, eventId: ids.next() });
  await erasures.reopen(project, resumed, now.toISOString(), event);
  return shown(resumed);
}

async function keyColumn({ store, projects }: RequestErasureDeps, project: string) {
  const [revision, newest] = await Promise.all([projects.find(project), store.newest(project)]);
  if (!revision)
    throw new AppError(
      'not_found',
      'ProjectNotFound',
      `There is no project '${project}'. Apply its project file first.`,
    );
  if (!newest)
    throw new AppError(
      'precondition_failed',
      'NothingToErase',
      `Nothing was uploaded to '${project}' yet: there are no rows to erase.`,
    );
  const { primaryKey, columns } = revision.definition.data;
  return { primaryKey, type: columns[primaryKey]?.type ?? ('string' as const) };
}

/** The fact that an erasure is wanted; told again when its worker must go on. */
export function requestedEvent(
  project: string,
  { erasureId, reason, keys, keyDigests }: ErasureRecord,
  { now, by, eventId = erasureId }: { now: Date; by: string; eventId?: string },
) {
  const actor = { type: 'user' as const, id: by };
  const metadata = startingJourney({ eventId, correlationId: erasureId, occurredAt: now, project, actor });
  return DatasetErasureRequested.create(metadata, {
    project,
    erasureId,
    reason,
    keys,
    keyDigests: [...keyDigests],
  });
}

/** What people see of it. */
export function shown(record: ErasureRecord): Erasure {
  const { keyDigests: _digests, keysDocument: _keys, type: _type, ...erasure } = record;
  return erasure;
}

export async function listErasures(
  { erasures }: { readonly erasures: ErasureStore },
  { project, pageToken }: { project: string; pageToken?: string | undefined },
): Promise<Page<Erasure>> {
  const page = await erasures.page(project, pageToken);
  return { ...page, items: page.items.map(shown) };
}

/** An erasure with its certificate. Throws ErasureNotFound. */
export async function readErasure(
  { erasures, documents }: { readonly erasures: ErasureStore; readonly documents: Documents },
  { project, erasureId }: { project: string; erasureId: string },
): Promise<Erasure & { certificateText?: z.infer<typeof erasureCertificate> }> {
  const found = await findErasure(erasures, project, erasureId);
  if (!found.certificate) return shown(found);
  return {
    ...shown(found),
    certificateText: erasureCertificate.parse(await documents.read(found.certificate)),
  };
}

async function findErasure(
  erasures: ErasureStore,
  project: string,
  erasureId: string,
): Promise<ErasureRecord> {
  const found = await erasures.find(project, erasureId);
  if (found) return found;
  throw new AppError(
    'not_found',
    'ErasureNotFound',
    `The dataset of '${project}' has no erasure '${erasureId}'. GET /v1/projects/${project}/erasures lists those that there are.`,
  );
}
