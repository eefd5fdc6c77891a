import type { Caller } from '#shared/contracts/caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { traces as entity } from '#shared/mlflow/search/entities.ts';
import { type Filter, parseFilter } from '#shared/mlflow/search/filter.ts';
import { lastMs, type Trace } from '../domain/trace.ts';
import type { JointCounts } from '../domain/trace-correlation.ts';
import {
  type Aggregation,
  assertMetric,
  type DataPoint,
  dataPoints,
  type Measured,
  type MetricView,
} from '../domain/trace-metrics.ts';
import type { TraceRange } from '../ports/traces.ts';
import { passes } from './search-traces.ts';
import { type MeasuredFilters, measuredOf } from './trace-measures.ts';
import { allTime, timeBoundsOf } from './trace-record.ts';
import { windowsOf } from './trace-windows.ts';
import { type TraceDeps, visibleExperiments } from './traces.ts';

export interface MetricQuery {
  readonly experimentIds: readonly string[];
  readonly view: MetricView;
  readonly metric: string;
  readonly aggregations: readonly Aggregation[];
  readonly dimensions: readonly string[];
  readonly filters: MeasuredFilters;
  readonly bucketSeconds: number | undefined;
  /** Milliseconds since 1970, both included. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly maxResults: number;
}

const window = 32;
const dayMs = 86_400_000;
/** API Gateway waits 30 seconds. */
const patienceMs = 20_000;

/**
 * Counts and calculates over traces, their spans or their assessments. Throws MetricUnknown, TimesMissing, and QueryTooWide
 * (all invalid_input) where there are more traces than can be read in time.
 */
export async function queryTraceMetrics(
  deps: TraceDeps,
  caller: Caller,
  query: MetricQuery,
): Promise<DataPoint[]> {
  const { view, metric, aggregations, dimensions, filters, bucketSeconds } = query;
  assertMetric(view, metric, aggregations, dimensions);
  if (bucketSeconds !== undefined && (query.fromMs === undefined || query.toMs === undefined)) {
    throw new AppError(
      'invalid_input',
      'TimesMissing',
      'start_time_ms and end_time_ms are required if time_interval_seconds is set',
    );
  }
  const fromMs = Math.max(query.fromMs ?? allTime.fromMs, 0);
  const toMs = Math.min(query.toMs ?? allTime.toMs, lastMs);
  // Costs go by the time of the span: its trace began before.
  const isBySpan = view === 'SPANS' && metric.endsWith('_cost');
  const range = { newestFirst: true, fromMs: isBySpan ? Math.max(0, fromMs - dayMs) : fromMs, toMs };
  const measured: Measured[] = [];
  for await (const traces of readTraces(deps, caller, query.experimentIds, range)) {
    const found = await Promise.all(
      traces
        .filter((trace) => filters.trace(trace))
        .map(async (trace) => {
          const spans = view === 'SPANS' ? await deps.store.spans(trace.traceId) : [];
          return measuredOf(view, metric, trace, spans, filters);
        }),
    );
    measured.push(...found.flat().filter(({ atMs }) => !isBySpan || (atMs >= fromMs && atMs <= toMs)));
  }
  const once = metric === 'session_count' ? distinct(measured, bucketSeconds) : measured;
  return dataPoints(once, aggregations, dimensions, bucketSeconds).slice(0, query.maxResults);
}

/** Each value once in its bucket of time. */
function distinct(measured: readonly Measured[], bucketSeconds: number | undefined): Measured[] {
  const bucketOf = ({ atMs }: Measured) => (bucketSeconds ? Math.floor(atMs / (bucketSeconds * 1000)) : 0);
  return [...new Map(measured.map((one) => [JSON.stringify([bucketOf(one), one.value]), one])).values()];
}

export interface CorrelationQuery {
  readonly experimentIds: readonly string[];
  readonly first: string;
  readonly second: string;
  readonly base: string | undefined;
}

/** How many traces pass two filters and both, among those that pass a third. Throws InvalidSearch, QueryTooWide. */
export async function countJointly(
  deps: TraceDeps,
  caller: Caller,
  { experimentIds, ...filters }: CorrelationQuery,
): Promise<JointCounts> {
  const [first, second, base] = [filters.first, filters.second, filters.base].map((text) =>
    parseFilter(entity, text),
  ) as [Filter, Filter, Filter];
  const counts = { total: 0, first: 0, second: 0, both: 0 };
  const range = { newestFirst: true, ...timeBoundsOf(base.text) };
  for await (const traces of readTraces(deps, caller, experimentIds, range)) {
    await Promise.all(
      traces.map(async (trace) => {
        if (!(await passes(deps.store, base, trace))) return;
        const [isFirst, isSecond] = await Promise.all([
          passes(deps.store, first, trace),
          passes(deps.store, second, trace),
        ]);
        counts.total++;
        if (isFirst) counts.first++;
        if (isSecond) counts.second++;
        if (isFirst && isSecond) counts.both++;
      }),
    );
  }
  return counts;
}

async function* readTraces(
  { store, heads, clock }: TraceDeps,
  caller: Caller,
  experimentIds: readonly string[],
  range: Omit<TraceRange, 'experimentIds'>,
): AsyncGenerator<Trace[]> {
  const visible = await visibleExperiments(heads, caller, experimentIds);
  const giveUpAtMs = nowMs(clock) + patienceMs;
  for await (const traces of windowsOf(store.list({ ...range, experimentIds: visible }), window)) {
    if (nowMs(clock) > giveUpAtMs) throw tooWide();
    yield traces;
  }
}

const nowMs = (clock: Clock): number => clock.now().getTime();

const tooWide = (): AppError =>
  new AppError(
    'invalid_input',
    'QueryTooWide',
    `There are more traces than can be read in ${patienceMs / 1000} seconds. Narrow the times or the filters.`,
  );
