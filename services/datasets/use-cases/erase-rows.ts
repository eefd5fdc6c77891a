import { DatasetErasureCompleted } from '#events/datasets.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { erasureKeys } from '../contract.ts';
import type { DiffStore, ErasedObject, ErasedVersion, ErasureRecord } from '../ports/versions.ts';
import { type CertificateDeps, certificateOf } from './certify-erasure.ts';
import { finishRemoval, planRemoval } from './finish-removal.ts';
import { type SweepDeps, type Swept, sweepVersions } from './sweep-versions.ts';

export interface EraseRowsDeps extends SweepDeps, CertificateDeps {
  readonly diffs: DiffStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export interface ErasureRequest {
  readonly project: string;
  readonly erasureId: string;
  readonly metadata: EventMetadata;
}

/** Versions that came while others were rewritten are swept too, so often at most before the event is left to be delivered again. */
const maxRounds = 10;

/**
 * Erases the rows that an erasure names from every version, deletes what they were in, and certifies it. Works by a plan that is kept: it may be
 * killed at any step and begun anew, and a repeated request changes nothing.
 */
export async function eraseRows(deps: EraseRowsDeps, request: ErasureRequest): Promise<void> {
  const { project, erasureId } = request;
  const erasure = await deps.erasures.find(project, erasureId);
  if (erasure?.status !== 'running') return;
  try {
    for (let round = 1; ; round++) {
      try {
        return await erase(deps, request, erasure);
      } catch (error) {
        const cameMeanwhile = error instanceof AppError && error.code === 'VersionsChanged';
        if (!cameMeanwhile || round === maxRounds) throw error;
      }
    }
  } catch (error) {
    if (!(error instanceof AppError) || ['unavailable', 'throttled', 'conflict'].includes(error.kind)) {
      // The reason for whoever gives up on it later; that it cannot be kept must not hide what happened.
      await deps.erasures.noteError(project, erasureId, messageOf(error)).catch(() => undefined);
      throw error;
    }
    const failed = {
      status: 'failed' as const,
      failure: error.message,
      completedAt: deps.clock.now().toISOString(),
    };
    await deps.erasures.close(project, { ...erasure, ...failed }, { events: [] });
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1000);

async function erase(deps: EraseRowsDeps, request: ErasureRequest, erasure: ErasureRecord): Promise<void> {
  const { project, erasureId } = request;
  await finishRemoval(deps, project);
  const keys = erasureKeys.parse(await deps.documents.read(keysDocumentOf(erasure)));
  const swept = await sweepVersions(deps, {
    project,
    erasureId,
    keys: { primaryKey: keys.primaryKey, type: erasure.type, primaryKeys: keys.primaryKeys },
    at: erasure.requestedAt,
  });
  const versions = await deps.erasures.versions(project, erasureId);
  const uploadsDeleted = await deleteLeftovers(deps, request, { versions, swept });
  const completedAt = deps.clock.now().toISOString();
  const document = await certificateOf(deps, { project, erasure, versions, uploadsDeleted, completedAt });
  // Whoever does this erasure at the same time writes another one, elsewhere: what is recorded keeps its content.
  const path = `erasures/${erasureId}/certificate-${digestOf(document)}.json`;
  const certificate = await deps.documents.write(project, path, document);
  const rowsErased = document.objects.reduce((sum, object) => sum + object.rowsErased, 0);
  const done = { ...erasure, status: 'done' as const, completedAt, rowsErased, certificate };
  await deps.erasures.close(project, done, {
    ...(swept.newest ? { swept: swept.newest } : {}),
    events: completedEvents(deps, request, { erasure: done, versions, certificate }),
  });
}

function keysDocumentOf({ keysDocument, erasureId }: ErasureRecord): StoredObject {
  if (keysDocument) return keysDocument;
  throw new AppError(
    'precondition_failed',
    'ErasureKeysGone',
    `The keys of erasure ${erasureId} were deleted. Ask for it again.`,
  );
}

/**
 * Deletes every S3 version of what held the rows: objects, manifests, uploads, diffs; also the uploads of what retention removed, which nobody
 * can look into any more. Answers the uploads.
 */
async function deleteLeftovers(
  deps: EraseRowsDeps,
  { project }: ErasureRequest,
  { versions, swept }: { versions: readonly ErasedVersion[]; swept: Swept },
): Promise<string[]> {
  const erased = [...swept.outcomes.values()].filter(({ rowsErased }) => rowsErased > 0);
  const copies = await copiedUploads(deps, project, { erased, versions, swept });
  if (!swept.newest || (erased.length === 0 && copies.size === 0)) return [];
  const numbers = new Set(versions.map(({ datasetVersion }) => datasetVersion));
  const all = await collect(deps.diffs.each(project));
  const diffs = all.filter(({ from, to }) => numbers.has(from) || numbers.has(to));
  const refs = await deps.objects.list([
    ...erased.map(({ before }) => before.uri),
    ...versions
      .map(({ manifestBefore }) => manifestBefore.uri)
      .filter((uri) => !swept.expiredManifests.has(uri)),
    ...diffs.flatMap(({ result }) => (result ? [result.uri] : [])),
    ...[...copies].map((key) => `s3://${deps.uploads.bucket}/${key}`),
  ]);
  await deps.diffs.forget(project, diffs);
  if (refs.length > 0) {
    const removal = await planRemoval(deps, project, refs);
    await deps.erasures.beginRemoval(project, swept.newest, removal);
    await finishRemoval(deps, project);
  }
  return [...copies].sort();
}

/** The uploads that hold the rows, or may: those that brought them, and those that made no version because their content was there already. */
async function copiedUploads(
  { uploads, uploadsOf }: EraseRowsDeps,
  project: string,
  found: { erased: readonly ErasedObject[]; versions: readonly ErasedVersion[]; swept: Swept },
): Promise<Set<string>> {
  const { expired, outcomes } = found.swept;
  const isSuspect = (objectId: string) => outcomes.get(objectId)?.rowsErased !== 0;
  const suspects = expired.filter(({ objectId }) => isSuspect(objectId));
  const keys = new Set([
    ...found.versions.flatMap(({ uploadKeys }) => uploadKeys),
    ...suspects.map(({ uploadKey }) => uploadKey),
  ]);
  const hashes = new Set([
    ...found.erased.map(({ before }) => before.sha256),
    ...suspects.map(({ sha256 }) => sha256),
  ]);
  if (hashes.size === 0) return keys;
  for await (const { key, status } of uploadsOf(project)) {
    if (status !== 'unchanged') continue;
    for (const copy of await uploads.hashes(key)) if (hashes.has(copy.sha256)) keys.add(copy.key);
  }
  return keys;
}

/** Every fact has at most 256 KB. */
const versionsPerEvent = 300;

function completedEvents(
  { clock }: EraseRowsDeps,
  { project, erasureId, metadata }: ErasureRequest,
  {
    erasure,
    versions,
    certificate,
  }: { erasure: ErasureRecord; versions: readonly ErasedVersion[]; certificate: StoredObject },
) {
  const parts = Math.max(1, Math.ceil(versions.length / versionsPerEvent));
  return Array.from({ length: parts }, (_none, part) =>
    DatasetErasureCompleted.create(
      causedBy(metadata, {
        eventId: `${erasureId}-completed-${part + 1}`,
        occurredAt: clock.now(),
        actor: { type: 'service', id: 'datasets' },
      }),
      {
        project,
        erasureId,
        rowsErased: erasure.rowsErased ?? 0,
        versions: versions
          .slice(part * versionsPerEvent, (part + 1) * versionsPerEvent)
          .map(({ manifestBefore: _before, uploadKeys: _uploads, ...version }) => version),
        certificate,
        keys: keysDocumentOf(erasure),
      },
    ),
  );
}
