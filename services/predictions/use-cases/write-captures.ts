import { GroundTruthReceived, PredictionBatchCaptured } from '#events/predictions.ts';
import { type Actor, type DomainEvent, startingJourney } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { CapturedPrediction, GroundTruthLabel } from '../contract.ts';
import { type EraseFromFileDeps, eraseFromFile } from './erase-from-file.ts';

const actor: Actor = { type: 'service', id: 'predictions' };

/** What came off the stream together, in order. */
export interface CaptureBatch {
  readonly predictions: readonly CapturedPrediction[];
  readonly labels: readonly {
    readonly project: string;
    readonly batchId: string;
    readonly lines: readonly GroundTruthLabel[];
  }[];
}

export interface WriteCapturesDeps extends EraseFromFileDeps {
  readonly clock: Clock;
  /** Writes JSON lines under a key of the captures bucket. */
  readonly write: (key: string, lines: readonly unknown[]) => Promise<StoredObject>;
  /** Saves events to the outbox. */
  readonly publish: (events: readonly DomainEvent[]) => Promise<void>;
}

/**
 * Writes predictions as one file per model version, and labels as one file per project, then tells of them. File keys and event
 * ids follow from the first line, so that a batch that is delivered again overwrites its files with themselves.
 */
export async function writeCaptures(deps: WriteCapturesDeps, batch: CaptureBatch): Promise<void> {
  const captured = await Promise.all(
    groups(batch.predictions, (line) => `${line.project}/v${line.modelVersion}`).map((lines) =>
      capture(deps, lines),
    ),
  );
  const labelled = await Promise.all(
    groups(batch.labels, (entry) => entry.project).map((entries) => label(deps, entries)),
  );
  await deps.publish([...captured.filter((event) => event !== undefined), ...labelled]);
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  return Object.values(Object.groupBy(items, keyOf)).filter((group) => group !== undefined);
}

/** `2026/11/21` of an ISO time: keys sort by day, and days can be listed. */
const dayOf = (at: string): string => at.slice(0, 10).replaceAll('-', '/');

async function capture(
  deps: WriteCapturesDeps,
  lines: readonly CapturedPrediction[],
): Promise<DomainEvent | undefined> {
  const [first] = lines as [CapturedPrediction];
  const { project, model, modelVersion } = first;
  const times = lines.map((line) => line.at).sort();
  const stored = await deps.write(
    `predictions/${project}/v${modelVersion}/${dayOf(first.at)}/${first.inferenceId}.jsonl`,
    lines,
  );
  const left = await withoutErased(deps, project, { object: stored, count: lines.length });
  if (left.count === 0) return undefined;
  const metadata = startingJourney({
    eventId: `captured-${first.inferenceId}`,
    occurredAt: deps.clock.now(),
    project,
    actor,
  });
  return PredictionBatchCaptured.create(metadata, {
    project,
    model,
    modelVersion,
    count: left.count,
    firstAt: times[0] ?? first.at,
    lastAt: times.at(-1) ?? first.at,
    capture: left.object,
  });
}

/**
 * The stream may hand over what an erasure went past: predictions that it saw in no file yet, and such that are handed over again. An
 * erasure lists files after it made itself known; whoever asks after writing misses none.
 */
async function withoutErased(
  deps: WriteCapturesDeps,
  project: string,
  written: { readonly object: StoredObject; readonly count: number },
): Promise<{ readonly object: StoredObject; readonly count: number }> {
  let left = written;
  for (const entities of await deps.erasures.of(project))
    left = (await eraseFromFile(deps, { project, uri: left.object.uri }, entities)) ?? left;
  return left;
}

async function label(deps: WriteCapturesDeps, entries: CaptureBatch['labels']): Promise<DomainEvent> {
  const [first] = entries as [CaptureBatch['labels'][number]];
  const lines = entries.flatMap((entry) => entry.lines);
  const stored = await deps.write(
    `ground-truth/${first.project}/${dayOf(lines[0]?.at ?? '')}/${first.batchId}.jsonl`,
    lines,
  );
  const metadata = startingJourney({
    eventId: `labels-${first.batchId}`,
    occurredAt: deps.clock.now(),
    project: first.project,
    actor,
  });
  return GroundTruthReceived.create(metadata, {
    project: first.project,
    count: lines.length,
    labels: stored,
  });
}
