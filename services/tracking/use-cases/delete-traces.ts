import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Trace } from '../domain/trace.ts';
import type { TraceStore } from '../ports/traces.ts';
import { experimentFor } from './heads.ts';
import { inWindows, windowsOf } from './trace-windows.ts';
import type { TraceDeps } from './traces.ts';

export interface TraceDeletion {
  readonly experimentId: string;
  /** The last request time that is deleted, in milliseconds since 1970. */
  readonly maxTimestampMs: number | undefined;
  readonly maxTraces: number | undefined;
  readonly traceIds: readonly string[];
}

const removalsAtOnce = 16;
/** What is left then stays: API Gateway waits 30 seconds, and the answer says how many went. */
const patienceMs = 18_000;

/**
 * Deletes traces of an experiment with their spans and files for good: those named, or the oldest up to a time. Answers how many;
 * of very many some may be left, which the same call deletes then. Throws InvalidDeletion, ExperimentNotFound, RoleMissing.
 */
export async function deleteTraces(
  { store, heads, clock }: TraceDeps,
  caller: Caller,
  deletion: TraceDeletion,
): Promise<number> {
  assertDeletion(deletion);
  const { experimentId, maxTimestampMs, maxTraces, traceIds } = deletion;
  await experimentFor(heads, caller, 'scientist', experimentId);
  if (maxTimestampMs === undefined) return removeOf(store, experimentId, traceIds);
  const giveUpAtMs = clock.now().getTime() + patienceMs;
  const range = { experimentIds: [experimentId], newestFirst: false, fromMs: 0, toMs: maxTimestampMs };
  let deleted = 0;
  for await (const traces of windowsOf(store.list(range), removalsAtOnce)) {
    const left = maxTraces === undefined ? traces.length : maxTraces - deleted;
    const ids = traces.map(({ traceId }: Trace) => traceId).slice(0, left);
    deleted += await removeOf(store, experimentId, ids);
    if (deleted === maxTraces || clock.now().getTime() > giveUpAtMs) break;
  }
  return deleted;
}

/** The list may still show what was deleted a moment ago: only what is there counts. */
async function removeOf(
  store: TraceStore,
  experimentId: string,
  traceIds: readonly string[],
): Promise<number> {
  const traces = (await store.readAll(traceIds)).filter((trace) => trace.experimentId === experimentId);
  await inWindows(traces, removalsAtOnce, (trace) => store.remove(trace));
  return traces.length;
}

function assertDeletion({ maxTimestampMs, maxTraces, traceIds }: TraceDeletion): void {
  const isByTime = maxTimestampMs !== undefined;
  const isById = traceIds.length > 0;
  if (!isByTime && !isById) throw wrong('Either `max_timestamp_millis` or `trace_ids` must be specified.');
  if (isByTime && isById) throw wrong('Only one of `max_timestamp_millis` and `trace_ids` can be specified.');
  if (isById && maxTraces !== undefined)
    throw wrong("`max_traces` can't be specified if `trace_ids` is specified.");
  if (maxTraces !== undefined && maxTraces <= 0)
    throw wrong(`\`max_traces\` must be a positive integer, received ${maxTraces}.`);
}

const wrong = (message: string): AppError => new AppError('invalid_input', 'InvalidDeletion', message);
