import { CapturesErased } from '#events/predictions.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ErasedEntities } from '../domain/erased-lines.ts';
import { type EraseFromFileDeps, eraseFromFile } from './erase-from-file.ts';

export interface EraseCapturesDeps extends EraseFromFileDeps {
  readonly clock: Clock;
}

/** Files that are looked at together. */
const atOnce = 16;
/** Leaves the last files a minute of the function's time. */
const sweepMs = 14 * 60_000;

/**
 * Erases the captured predictions of entities, and tells what was changed. Goes through the project's files in the order of their keys and
 * notes how far it came: it may be stopped at any point and begun anew. Throws ErasureUnfinished (unavailable) where its time is over.
 * Files that are written meanwhile are seen to by their writer, which asks which erasures there are after it wrote.
 */
export async function eraseCaptures(
  deps: EraseCapturesDeps,
  request: { readonly project: string; readonly entities: ErasedEntities; readonly metadata: EventMetadata },
): Promise<void> {
  const { erasures, objects, clock } = deps;
  const { project, entities, metadata } = request;
  const { erasureId } = entities;
  await erasures.begin(project, entities);
  const until = clock.now().getTime() + sweepMs;
  let batch: { readonly key: string; readonly uri: string }[] = [];
  const finishBatch = async () => {
    await Promise.all(batch.map(({ uri }) => eraseFromFile(deps, { project, uri }, entities)));
    const last = batch.at(-1);
    if (last) await erasures.noteProgress(project, erasureId, last.key);
    batch = [];
  };
  for await (const file of objects.list(project, await erasures.progress(project, erasureId))) {
    batch.push(file);
    if (batch.length < atOnce) continue;
    await finishBatch();
    if (clock.now().getTime() > until) throw unfinished(project, erasureId);
  }
  await finishBatch();
  const files = await erasures.files(project, erasureId);
  const rewritten = await objects.writeDocument(project, erasureId, {
    schemaVersion: 1,
    project,
    erasureId,
    files: files.map(({ file }) => file),
  });
  const event = CapturesErased.create(
    causedBy(metadata, {
      eventId: `${metadata.eventId}-captures`,
      occurredAt: clock.now(),
      actor: { type: 'service', id: 'predictions' },
    }),
    {
      project,
      erasureId,
      predictionsErased: files.reduce((sum, { erased }) => sum + erased, 0),
      filesRewritten: files.length,
      rewritten,
    },
  );
  await erasures.complete(event, metadata.eventId);
}

const unfinished = (project: string, erasureId: string): AppError =>
  new AppError(
    'unavailable',
    'ErasureUnfinished',
    `Erasure ${erasureId} of '${project}' has more capture files than one run goes through. The next one goes on where this one stopped.`,
  );
