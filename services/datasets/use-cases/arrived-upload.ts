import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { cameBefore } from '../domain/sequencer.ts';
import type { HandledUpload, KeyRecord, UploadSource } from '../ports.ts';

/** One write of an object, as S3 told of it. */
export interface ArrivedUpload {
  readonly source: UploadSource;
  /** When S3 saw it: the instant from which the platform knows its rows. */
  readonly receivedAt: Date;
  /** The AWS account or service that wrote it. */
  readonly requester: string;
}

export type UploadOutcome = 'created' | 'unchanged' | 'rejected' | 'repeated' | 'superseded';

/** The same write has the same id, however often S3 tells of it: it is the journey's correlation id too. */
export function uploadIdOf({ bucket, key, versionId, sequencer }: UploadSource): string {
  return `upload-${sha256Hex([bucket, key, sequencer ?? versionId ?? ''].join('\n')).slice(0, 32)}`;
}

/** What was decided about this write, or about a newer one of its key; undefined where nothing was. */
export function alreadyDecided(
  before: KeyRecord,
  { sequencer }: UploadSource,
): 'repeated' | 'superseded' | undefined {
  if (sequencer === undefined || before.sequencer === undefined) return undefined;
  if (before.sequencer === sequencer) return 'repeated';
  return cameBefore(sequencer, before.sequencer) ? 'superseded' : undefined;
}

/** The record of what became of the write. */
export function handledUpload(
  { source, receivedAt }: ArrivedUpload,
  project: string,
  keyBefore: KeyRecord,
  outcome: Omit<HandledUpload['upload'], 'key' | 'receivedAt'>,
): HandledUpload {
  return {
    uploadId: uploadIdOf(source),
    project,
    upload: { key: source.key, receivedAt: receivedAt.toISOString(), ...outcome },
    keyBefore,
    sequencer: source.sequencer,
  };
}

/** Metadata of the one fact that a write causes. Everything of it follows from the write, so that a repeated step publishes the same fact. */
export function metadataOf(
  { source, receivedAt, requester }: ArrivedUpload,
  project: string,
  { requestedBy }: KeyRecord,
): EventMetadata {
  return startingJourney({
    eventId: uploadIdOf(source),
    occurredAt: receivedAt,
    project,
    actor: { type: 'user', id: requestedBy ?? `aws:${requester}` },
  });
}
