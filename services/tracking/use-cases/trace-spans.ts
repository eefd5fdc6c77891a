import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Span } from '../domain/spans.ts';
import { type Trace, traceTag, trackingStore } from '../domain/trace.ts';
import { toldSpanCount } from '../domain/trace-changes.ts';
import { inWindows } from './trace-windows.ts';
import { readTrace, type TraceDeps, visibleExperiments } from './traces.ts';

export interface WholeTrace {
  readonly trace: Trace;
  readonly spans: readonly Span[];
}

export interface WholeTraceDeps extends TraceDeps {
  /** Lets time pass for spans that are on their way. */
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Clients send spans and the end of a trace at the same time: how long a reader waits for the rest. */
const pausesMs = [300, 1200];

/**
 * A trace with its spans. Where the client said how many there are, fewer are not answered unless `allowPartial`. Throws
 * TraceNotFound, SpansElsewhere (precondition_failed) for a trace whose client put them into a file, TraceIncomplete (not_found).
 */
export async function readWholeTrace(
  deps: WholeTraceDeps,
  caller: Caller,
  traceId: string,
  allowPartial: boolean,
): Promise<WholeTrace> {
  for (let attempt = 0; ; attempt++) {
    const trace = await readTrace(deps, caller, traceId);
    if (!hasSpansHere(trace)) throw spansElsewhere(traceId);
    const spans = await deps.store.spans(traceId);
    if (allowPartial || isComplete(trace, spans)) return { trace, spans };
    const pauseMs = pausesMs[attempt];
    if (pauseMs === undefined) throw incomplete(traceId);
    await deps.pause(pauseMs);
  }
}

const spanReadsAtOnce = 8;

/** The complete ones of several traces with their spans; those that the caller may not see, or that are not here, are left out. */
export async function readWholeTraces(
  { store, ...deps }: TraceDeps,
  caller: Caller,
  traceIds: readonly string[],
  experimentIds: readonly string[],
): Promise<WholeTrace[]> {
  const traces = await readTraces({ store, ...deps }, caller, traceIds, experimentIds);
  const whole = await inWindows(traces.filter(hasSpansHere), spanReadsAtOnce, async (trace) => ({
    trace,
    spans: await store.spans(trace.traceId),
  }));
  return whole.filter(({ trace, spans }) => isComplete(trace, spans));
}

/** Those of several traces that the caller may see, in the order of the ids; of the experiments alone, where there are any. */
export async function readTraces(
  { store, heads }: TraceDeps,
  caller: Caller,
  traceIds: readonly string[],
  experimentIds: readonly string[],
): Promise<Trace[]> {
  const traces = await store.readAll(traceIds);
  const wanted = traces.filter(
    ({ experimentId }) => experimentIds.length === 0 || experimentIds.includes(experimentId),
  );
  const seen = new Set(
    await visibleExperiments(heads, caller, [...new Set(wanted.map(({ experimentId }) => experimentId))]),
  );
  return wanted.filter(({ experimentId }) => seen.has(experimentId));
}

const hasSpansHere = ({ tags }: Trace): boolean => tags[traceTag.spansLocation] === trackingStore;

const isComplete = (trace: Trace, spans: readonly Span[]): boolean =>
  spans.length > 0 && spans.length >= (toldSpanCount(trace) ?? 0);

const spansElsewhere = (traceId: string): AppError =>
  new AppError(
    'precondition_failed',
    'SpansElsewhere',
    `The spans of trace ${traceId} are not in the tracking store: its client put them into the artifact traces.json at the trace's tag ${traceTag.artifactLocation}.`,
  );

const incomplete = (traceId: string): AppError =>
  new AppError(
    'not_found',
    'TraceIncomplete',
    `Trace with ID ${traceId} is not fully exported yet, please try again later.`,
  );
