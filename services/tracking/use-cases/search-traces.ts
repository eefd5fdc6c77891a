import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import { traces as entity } from '#shared/mlflow/search/entities.ts';
import { type Filter, parseFilter } from '#shared/mlflow/search/filter.ts';
import { type Order, parseOrderBy } from '#shared/mlflow/search/order.ts';
import { searchPage } from '#shared/mlflow/search/page.ts';
import type { Trace } from '../domain/trace.ts';
import type { TraceRange, TraceStore } from '../ports/traces.ts';
import { searchedSpan, timeBoundsOf, traceRecord } from './trace-record.ts';
import { windowsOf } from './trace-windows.ts';
import { type TraceDeps, visibleExperiments } from './traces.ts';

export interface TraceSearch {
  readonly experimentIds: readonly string[];
  readonly filter: string | undefined;
  readonly orderBy: readonly string[];
  readonly maxResults: number;
  readonly pageToken: string | undefined;
}

/** Traces that are tested at the same time, as a filter may ask for their spans. */
const window = 32;
/** A page ends here though it is not full: API Gateway waits 30 seconds. */
const patienceMs = 15_000;
/** A page ends here though it is not full: an answer of Lambda has at most 6 MB. */
const maxPageBytes = 4_000_000;
/** Any order but that of time needs all traces of a search at once. */
const maxSorted = 50_000;

/**
 * Traces of experiments that the caller may see. By time, the default, it reads no further than the page; a page may be short and
 * still have a token. Throws InvalidSearch, InvalidPageToken, SearchTooWide (all invalid_input).
 */
export async function searchTraces(
  deps: TraceDeps,
  caller: Caller,
  search: TraceSearch,
): Promise<Page<Trace>> {
  const filter = parseFilter(entity, search.filter);
  const order = parseOrderBy(entity, search.orderBy);
  const experimentIds = await visibleExperiments(deps.heads, caller, search.experimentIds);
  const range: TraceRange = { experimentIds, newestFirst: true, ...timeBoundsOf(filter.text) };
  const scope = [...experimentIds].sort();
  if (order.text === newestFirstText || order.text === oldestFirstText) {
    const newestFirst = order.text === newestFirstText;
    return pageByTime(deps, search, { filter, order, range: { ...range, newestFirst }, scope });
  }
  const all: Trace[] = [];
  for await (const trace of matchingTraces(deps.store, filter, range)) {
    if (!trace.matches) continue;
    all.push(trace.trace);
    if (all.length > maxSorted) throw tooWide();
  }
  const page = (maxResults: number): Page<Trace> => {
    // The filter was asked already, with the spans that this look at the traces leaves out.
    const query = {
      items: all,
      toRecord: traceRecord,
      filter: { ...filter, test: () => true },
      order,
      scope,
    };
    const found = searchPage({ ...query, maxResults, pageToken: search.pageToken });
    return maxResults === 1 || bytesOf(found.items) <= maxPageBytes ? found : page(Math.ceil(maxResults / 2));
  };
  return page(search.maxResults);
}

const newestFirstText = parseOrderBy(entity, ['timestamp_ms DESC']).text;
const oldestFirstText = parseOrderBy(entity, ['timestamp_ms ASC']).text;

/** Traces of a range in the order of time, each with whether it passes the filter. */
export async function* matchingTraces(
  store: TraceStore,
  filter: Filter,
  range: TraceRange,
): AsyncGenerator<{ readonly trace: Trace; readonly matches: boolean }> {
  for await (const traces of windowsOf(store.list(range), window)) {
    yield* await Promise.all(
      traces.map(async (trace) => ({ trace, matches: await passes(store, filter, trace) })),
    );
  }
}

/** Whether a trace passes a filter. Reads its spans only where all else of it passes. */
export async function passes(store: TraceStore, filter: Filter, trace: Trace): Promise<boolean> {
  if (!filter.uses.has('span')) return filter.test(traceRecord(trace));
  let isAsked = false;
  const withoutSpans = Object.defineProperty({ ...traceRecord(trace) }, 'spans', {
    get: () => {
      isAsked = true;
      return [];
    },
  });
  filter.test(withoutSpans);
  return isAsked && filter.test(traceRecord(trace, (await store.spans(trace.traceId)).map(searchedSpan)));
}

interface Place {
  readonly ms: number;
  readonly traceId: string;
}

async function pageByTime(
  { store, clock }: TraceDeps,
  { maxResults, pageToken }: TraceSearch,
  query: {
    readonly filter: Filter;
    readonly order: Order;
    readonly range: TraceRange;
    readonly scope: readonly string[];
  },
): Promise<Page<Trace>> {
  const { filter, range } = query;
  const fingerprint = sha256Hex(JSON.stringify([filter.text, query.order.text, ...query.scope])).slice(0, 16);
  const after = pageToken ? placeOf(pageToken, fingerprint) : undefined;
  const giveUpAtMs = clock.now().getTime() + patienceMs;
  const found: Trace[] = [];
  let bytes = 0;
  for await (const { trace, matches } of matchingTraces(store, filter, rangeBehind(range, after))) {
    if (after && trace.requestTimeMs === after.ms && trace.traceId <= after.traceId) continue;
    if (matches) {
      found.push(trace);
      bytes += bytesOf([trace]);
    }
    if (found.length < maxResults && bytes < maxPageBytes && clock.now().getTime() < giveUpAtMs) continue;
    const nextPageToken = encodePageToken([fingerprint, trace.requestTimeMs, trace.traceId]);
    return { items: found, nextPageToken };
  }
  return { items: found };
}

function rangeBehind(range: TraceRange, after: Place | undefined): TraceRange {
  if (!after) return range;
  return range.newestFirst
    ? { ...range, toMs: Math.min(range.toMs, after.ms) }
    : { ...range, fromMs: Math.max(range.fromMs, after.ms) };
}

function placeOf(token: string, fingerprint: string): Place {
  const parts = decodePageToken(token);
  const [owner, ms, traceId] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (owner !== fingerprint || !Number.isSafeInteger(ms) || typeof traceId !== 'string') {
    throw invalidPageToken(token);
  }
  return { ms: Number(ms), traceId };
}

const bytesOf = (traces: readonly Trace[]): number =>
  traces.reduce((sum, trace) => sum + Buffer.byteLength(JSON.stringify(trace)), 0);

const tooWide = (): AppError =>
  new AppError(
    'invalid_input',
    'SearchTooWide',
    `More than ${maxSorted} traces match: they cannot be sorted at once. Narrow the filter, e.g. by timestamp_ms, or order by timestamp_ms.`,
  );
