import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { incomingPrefix } from '../contract.ts';
import { folderPrefix, readUploadKey } from '../domain/upload-key.ts';
import type { KeyRecord, ListedObject } from '../ports.ts';
import { type ArrivedUpload, type UploadOutcome, uploadId } from './arrived-upload.ts';
import type { ReceiveUploadDeps } from './make-version.ts';
import { folderState } from './receive-folder.ts';
import { receiveUpload } from './receive-upload.ts';
import { recordRejection } from './record-rejection.ts';

const minuteMs = 60_000;
/** What is older was found before, or is nothing that anybody waits for; what is known of a key is kept longer. */
const forgottenMs = 7 * 24 * 60 * minuteMs;
/** A folder to which nothing was added for so long is not being uploaded any more. */
const abandonedMs = 24 * 60 * minuteMs;

export interface FindLostUploadsDeps extends ReceiveUploadDeps {
  readonly clock: Clock;
  /** Told what became of each upload that was handled, and of what could not be. */
  readonly report: (key: string, outcome: UploadOutcome | Error) => void;
}

export interface Round {
  /** The next round goes on with what this one has no time for. */
  readonly until: Date;
  /** Events that are so late are taken for lost. */
  readonly olderThanMinutes: number;
}

/**
 * Handles uploads whose events S3 did not deliver, as their events would have been; an event that comes after all changes nothing.
 * Folders that were begun and never completed are recorded as IncompleteUpload, once.
 */
export async function findLostUploads(
  deps: FindLostUploadsDeps,
  { until, olderThanMinutes }: Round,
): Promise<void> {
  const now = deps.clock.now().getTime();
  const folders = new Map<string, ListedObject>();
  for await (const page of deps.incoming.list(incomingPrefix)) {
    for (const object of page) {
      const ageMs = now - object.writtenAt.getTime();
      if (ageMs < olderThanMinutes * minuteMs || ageMs > forgottenMs) continue;
      const { project, folder, valid } = readUploadKey(object.key);
      if (valid && folder !== undefined) folders.set(folderPrefix(project!, folder), object);
      else if (isUnknown(await deps.store.key(object.key), object)) await handle(deps, object);
      if (deps.clock.now() >= until) return;
    }
  }
  for (const object of folders.values()) {
    const outcome = await handle(deps, object);
    if (outcome === 'waiting') await recordIfAbandoned(deps, object);
    if (deps.clock.now() >= until) return;
  }
}

/** Records of a former release know no version: what has a sequencer was handled. */
function isUnknown({ sequencer, versionId, writtenAt }: KeyRecord, object: ListedObject): boolean {
  if (versionId === undefined && writtenAt === undefined) return sequencer === undefined;
  return versionId !== object.versionId && new Date(writtenAt ?? 0) <= object.writtenAt;
}

/** One upload that cannot be handled does not hold up the others. */
async function handle(deps: FindLostUploadsDeps, object: ListedObject): Promise<UploadOutcome | undefined> {
  try {
    const outcome = await receiveUpload(deps, arrivalOf(deps.incoming.bucket, object));
    if (outcome !== 'repeated' && outcome !== 'waiting') deps.report(object.key, outcome);
    return outcome;
  } catch (error) {
    // Its event came in this very moment.
    if (!(error instanceof AppError && error.code === 'AlreadyConsumed'))
      deps.report(object.key, error as Error);
    return undefined;
  }
}

const arrivalOf = (bucket: string, { key, versionId, etag, writtenAt }: ListedObject): ArrivedUpload => ({
  source: { bucket, key, etag, ...(versionId ? { versionId } : {}) },
  receivedAt: writtenAt,
  requester: 'unknown',
  claimant: 'hourly round',
});

async function recordIfAbandoned(deps: FindLostUploadsDeps, { key }: ListedObject): Promise<void> {
  const { project, folder } = readUploadKey(key);
  const prefix = folderPrefix(project!, folder!);
  const { objects, marker, plan } = await folderState(deps.incoming, { project: project!, folder: folder! });
  const newestMs = Math.max(...objects.map(({ writtenAt }) => writtenAt.getTime()));
  if (plan.status !== 'waiting' || deps.clock.now().getTime() - newestMs < abandonedMs) return;
  const contents = objects.map(({ path, etag }) => `${path} ${etag}`).sort();
  const id = uploadId(deps.incoming.bucket, prefix, 'incomplete', ...contents);
  if (await deps.store.isHandled(id)) return;
  const source = { bucket: deps.incoming.bucket, key: marker?.key ?? prefix };
  const arrived = {
    source,
    receivedAt: new Date(newestMs),
    requester: 'unknown',
    claimant: 'hourly round',
    folder: { uploadId: id, files: objects.length },
  };
  const message = `The upload of folder ${prefix} was not completed within ${abandonedMs / (60 * minuteMs)} hours: ${plan.lacking}. Upload what is missing, then _manifest.json or _SUCCESS.`;
  deps.report(
    prefix,
    await recordRejection(deps, arrived, project!, [{ code: 'IncompleteUpload', message }]),
  );
}
