import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { artifactLocationOf, type SpanBatch, type Trace, traceNotFound, traceTag } from '../domain/trace.ts';
import { traceToldOf } from '../domain/trace-changes.ts';
import { hasSums, traceWithSpans } from '../domain/trace-with-spans.ts';
import type { Heads } from '../ports/heads.ts';
import type { TraceStore } from '../ports/traces.ts';
import { activeExperimentFor, activeRunFor } from './heads.ts';
import { inWindows } from './trace-windows.ts';

export interface TraceDeps {
  readonly store: TraceStore;
  readonly heads: Heads;
  readonly clock: Clock;
}

/** Throws TraceNotFound, RoleMissing. */
export async function assertMayTrace(
  heads: Heads,
  caller: Caller,
  role: Role,
  { traceId, experimentId }: Trace,
): Promise<void> {
  const experiment = await heads.experiment(experimentId);
  if (!experiment) throw traceNotFound(traceId);
  assertMay(caller, role, experiment.project, traceNotFound(traceId));
}

/** Those of the experiments whose traces the caller may see; others are left out, as if there were none. */
export async function visibleExperiments(
  heads: Heads,
  caller: Caller,
  experimentIds: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(
    [...new Set(experimentIds)].map((experimentId) => heads.experiment(experimentId)),
  );
  return found.flatMap((experiment) =>
    experiment && hasRole(caller, 'viewer', experiment.project) ? [experiment.experimentId] : [],
  );
}

/** A trace that the caller may read. Throws TraceNotFound. */
export async function readTrace(
  { store, heads }: TraceDeps,
  caller: Caller,
  traceId: string,
): Promise<Trace> {
  const trace = await store.read(traceId);
  if (!trace) throw traceNotFound(traceId);
  await assertMayTrace(heads, caller, 'viewer', trace);
  return trace;
}

/** Changes a trace that there is. Throws TraceNotFound, RoleMissing, and what `change` throws. */
export function changeTrace(
  { store, heads }: TraceDeps,
  caller: Caller,
  traceId: string,
  change: (trace: Trace) => Trace,
): Promise<Trace> {
  return store.change(traceId, async (existing) => {
    if (!existing) throw traceNotFound(traceId);
    await assertMayTrace(heads, caller, 'scientist', existing);
    return change(existing);
  });
}

/**
 * Keeps what a client tells of a trace as a whole, at its end; its spans may have come before. The same again changes nothing.
 * Throws ExperimentNotFound, ExperimentDeleted, RoleMissing, and TraceNotFound for an id that is taken where the caller may not see it.
 */
export async function tellTrace({ store, heads }: TraceDeps, caller: Caller, told: Trace): Promise<Trace> {
  const { artifactLocation } = await activeExperimentFor(heads, caller, told.experimentId);
  return store.change(told.traceId, async (existing) => {
    if (existing) await assertMayTrace(heads, caller, 'scientist', existing);
    return traceToldOf(existing, told, artifactLocation);
  });
}

/** Keeps a trace that begins. Throws ExperimentNotFound, ExperimentDeleted, RoleMissing. */
export async function startTrace(
  { store, heads }: TraceDeps,
  caller: Caller,
  started: Trace,
): Promise<Trace> {
  const { artifactLocation } = await activeExperimentFor(heads, caller, started.experimentId);
  const tags = {
    ...started.tags,
    [traceTag.artifactLocation]: artifactLocationOf(artifactLocation, started.traceId),
  };
  return store.change(started.traceId, () => ({ ...started, tags }));
}

/** Traces of one request that are written at the same time. */
const tracesAtOnce = 16;

/**
 * Keeps spans, and makes their traces where they are new, in the experiment; traces that there are keep theirs. Repeating it changes
 * nothing. Throws as `tellTrace` does, and RunNotFound.
 */
export async function keepSpans(
  deps: TraceDeps,
  caller: Caller,
  home: { readonly experimentId: string; readonly runId?: string | undefined },
  batches: readonly SpanBatch[],
): Promise<void> {
  const experiment = await activeExperimentFor(deps.heads, caller, home.experimentId);
  if (home.runId !== undefined) await activeRunFor(deps.heads, caller, home.runId);
  await inWindows(batches, tracesAtOnce, (batch) => keepBatch(deps, caller, experiment, batch, home.runId));
}

async function keepBatch(
  { store, heads, clock }: TraceDeps,
  caller: Caller,
  experiment: { readonly experimentId: string; readonly artifactLocation: string },
  batch: SpanBatch,
  runId: string | undefined,
): Promise<void> {
  const { traceId } = batch;
  const found = await store.read(traceId);
  if (found) await assertMayTrace(heads, caller, 'scientist', found);
  await store.keepSpans(found?.experimentId ?? experiment.experimentId, batch, clock.now().getTime());
  await store.change(traceId, async (existing) => {
    if (existing) await assertMayTrace(heads, caller, 'scientist', existing);
    const owner =
      existing && existing.experimentId !== experiment.experimentId
        ? await heads.experiment(existing.experimentId)
        : undefined;
    const spans = existing && hasSums(batch.spans) ? await store.spans(traceId) : batch.spans;
    const trace = traceWithSpans(existing, batch, owner ?? experiment, spans);
    return runId === undefined ? trace : linkedToRun(trace, runId);
  });
}

const maxLinks = 100;

/**
 * Links traces to a run; those that there are not are left out. Throws TooManyTraces, RunNotFound, RunDeleted, RoleMissing.
 */
export async function linkTracesToRun(
  deps: TraceDeps,
  caller: Caller,
  traceIds: readonly string[],
  runId: string,
): Promise<void> {
  if (traceIds.length > maxLinks) {
    throw new AppError(
      'invalid_input',
      'TooManyTraces',
      `Cannot link more than ${maxLinks} traces to a run in a single request. Provided ${traceIds.length} traces.`,
    );
  }
  await activeRunFor(deps.heads, caller, runId);
  const traces = await deps.store.readAll(traceIds);
  await inWindows(traces, tracesAtOnce, ({ traceId }) =>
    changeTrace(deps, caller, traceId, (trace) => linkedToRun(trace, runId)),
  );
}

const linkedToRun = (trace: Trace, runId: string): Trace => ({
  ...trace,
  runIds: [...new Set([...trace.runIds, runId])],
});

/** `prompts` are `name/version`. Throws TraceNotFound, RoleMissing. */
export async function linkPrompts(
  deps: TraceDeps,
  caller: Caller,
  traceId: string,
  prompts: readonly string[],
): Promise<void> {
  await changeTrace(deps, caller, traceId, (trace) => ({
    ...trace,
    prompts: [...new Set([...trace.prompts, ...prompts])],
  }));
}
