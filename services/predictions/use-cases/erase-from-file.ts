import type { CapturedPrediction } from '../contract.ts';
import { type ErasedEntities, isOfErased } from '../domain/erased-lines.ts';
import type { CaptureErasures, CaptureObjects, ErasableCaptures, RewrittenFile } from '../ports.ts';

export interface EraseFromFileDeps {
  readonly erasures: CaptureErasures;
  readonly objects: CaptureObjects;
  readonly captures: ErasableCaptures;
}

/**
 * Takes the predictions of erased entities out of a capture file and out of the items that they came from, and removes the S3
 * versions that held them. That it begins is written down first: begun anew after a crash, it removes what is there still. Answers what
 * is left of a file that had any.
 */
export async function eraseFromFile(
  deps: EraseFromFileDeps,
  { project, uri }: { readonly project: string; readonly uri: string },
  entities: ErasedEntities,
): Promise<RewrittenFile | undefined> {
  const { erasures, objects } = deps;
  const { erasureId } = entities;
  const [lines, begun] = await Promise.all([objects.read(uri), erasures.file(project, erasureId, uri)]);
  const erased = lines.filter((line) => isOfErased(line, entities));
  if (erased.length === 0) {
    if (!begun || begun.isDone) return begun?.file;
    // Stopped behind the write: what was written is written again, because only so its content is known here.
    const versions = await objects.versions(uri);
    const file = { ...begun.file, object: await objects.write(uri, lines) };
    await objects.removeVersions(versions);
    await erasures.noteFile(project, erasureId, { ...begun, file, isDone: true });
    return file;
  }
  await eraseFromItems(deps, erased);
  const versions = await objects.versions(uri);
  const kept = lines.filter((line) => !erased.includes(line));
  const planned = {
    file: begun ? { ...begun.file, count: kept.length } : describe(uri, lines, kept.length),
    erased: Math.max(erased.length, begun?.erased ?? 0),
    isDone: false,
  };
  await erasures.noteFile(project, erasureId, planned);
  const file = { ...planned.file, object: await objects.write(uri, kept) };
  await erasures.noteFile(project, erasureId, { ...planned, file });
  await objects.removeVersions(versions);
  await erasures.noteFile(project, erasureId, { ...planned, file, isDone: true });
  return file;
}

const unknownContent = { sha256: '0'.repeat(64), bytes: 0 };

function describe(uri: string, lines: readonly CapturedPrediction[], count: number): RewrittenFile {
  const times = lines.map(({ at }) => at).sort();
  return {
    modelVersion: lines[0]!.modelVersion,
    object: { uri, ...unknownContent },
    count,
    firstAt: times[0]!,
    lastAt: times.at(-1)!,
  };
}

/** Fifty predictions of a request lie in one item. */
async function eraseFromItems(
  { captures }: EraseFromFileDeps,
  lines: readonly CapturedPrediction[],
): Promise<void> {
  const byRequest = Map.groupBy(lines, ({ inferenceId }) =>
    inferenceId.slice(0, inferenceId.lastIndexOf('-')),
  );
  for (const [requestId, ofRequest] of byRequest)
    await captures.erasePredictions(requestId, new Set(ofRequest.map(({ inferenceId }) => inferenceId)));
}
