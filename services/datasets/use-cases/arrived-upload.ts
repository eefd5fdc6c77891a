import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { cameBefore } from '../domain/sequencer.ts';
import type { HandledUpload, KeyRecord, ObjectWrite, UploadSource } from '../ports.ts';

/** One write of an object, as S3 told of it, or the completion of a folder. */
export interface ArrivedUpload {
  readonly source: ObjectWrite;
  /** When S3 saw it: the instant from which the platform knows its rows. */
  readonly receivedAt: Date;
  /** The AWS account or service that wrote it. */
  readonly requester: string;
  /** What called for it: the event, the same when it is delivered again, or the hourly round. */
  readonly claimant: string;
  /** S3's own time of the write (its Last-Modified), once it is known. */
  readonly writtenAt?: Date;
  /** Of a folder: what it is known by, and how many files it has. */
  readonly folder?: { readonly uploadId: string; readonly files: number };
}

/** `waiting`: a folder that is not complete yet. */
export type UploadOutcome = 'created' | 'unchanged' | 'rejected' | 'repeated' | 'superseded' | 'waiting';

/** The same write has the same id, however often S3 tells of it: it is the journey's correlation id too. */
export function uploadIdOf({ source, folder }: Pick<ArrivedUpload, 'source' | 'folder'>): string {
  const { bucket, key, versionId, sequencer, etag } = source;
  return folder?.uploadId ?? uploadId(bucket, key, versionId ?? sequencer ?? etag ?? '');
}

export const uploadId = (...parts: readonly string[]): string =>
  `upload-${sha256Hex(parts.join('\n')).slice(0, 32)}`;

/**
 * What was decided about this write, or about a newer one of its key; undefined where nothing was. Sequencers decide where both
 * writes have one; a write that was found by listing has none, and counts by the time that it was written at.
 */
export function alreadyDecided(
  before: KeyRecord,
  { source, folder, writtenAt }: ArrivedUpload,
): 'repeated' | 'superseded' | undefined {
  if (folder) return undefined;
  const { sequencer, versionId } = source;
  if (versionId !== undefined && versionId === before.versionId) return 'repeated';
  if (sequencer === undefined || before.sequencer === undefined) {
    const isOlder = writtenAt && before.writtenAt && writtenAt < new Date(before.writtenAt);
    return isOlder ? 'superseded' : undefined;
  }
  if (before.sequencer === sequencer) return 'repeated';
  return cameBefore(sequencer, before.sequencer) ? 'superseded' : undefined;
}

/** The record of what became of the write. */
export function handledUpload(
  arrived: ArrivedUpload,
  project: string,
  keyBefore: KeyRecord,
  outcome: Omit<HandledUpload['upload'], 'key' | 'receivedAt' | 'files'>,
): HandledUpload {
  const { source, receivedAt, folder } = arrived;
  return {
    uploadId: uploadIdOf(arrived),
    project,
    upload: {
      key: source.key,
      receivedAt: receivedAt.toISOString(),
      ...outcome,
      ...(folder ? { files: folder.files } : {}),
    },
    keyBefore,
    keyAfter: folder ? keyBefore : keyAfter(keyBefore, arrived),
  };
}

/** A write without a sequencer leaves none: one of an older write would outrank it. */
function keyAfter(
  { key, requestedBy }: KeyRecord,
  { source: { sequencer, versionId }, receivedAt, writtenAt = receivedAt }: ArrivedUpload,
): KeyRecord {
  return {
    key,
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(versionId === undefined ? {} : { versionId }),
    writtenAt: writtenAt.toISOString(),
  };
}

/** Metadata of the one fact that a write causes. Everything of it follows from the write, so that a repeated step publishes the same fact. */
export function metadataOf(
  arrived: ArrivedUpload,
  project: string,
  { requestedBy }: KeyRecord,
): EventMetadata {
  return startingJourney({
    eventId: uploadIdOf(arrived),
    occurredAt: arrived.receivedAt,
    project,
    actor: { type: 'user', id: requestedBy ?? `aws:${arrived.requester}` },
  });
}

/** The write as events name it. */
export function sourceOf({ source: { etag: _etag, ...source } }: ArrivedUpload): UploadSource {
  return source;
}
