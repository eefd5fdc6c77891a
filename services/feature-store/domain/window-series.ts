import { microsecondsOf } from '#shared/kernel/microseconds.ts';
import type { FeatureValue, ViewAggregation } from '../contract.ts';
import { addTo, type ExactSum, sumValue } from './exact-sum.ts';
import { windowStart } from './windows.ts';

/** What is kept of the rows of one hop. Only what the functions of its series need. */
export interface Hop {
  /** Rows; where the series has a column, its values that are not null. */
  n: number;
  s?: ExactSum;
  lo?: PresentValue;
  hi?: PresentValue;
}
export type PresentValue = Exclude<FeatureValue, null>;

/** Hops by where they begin, in hops since 1970. */
export type Hops = Record<string, Hop>;

/** Hops that several aggregations share: those of one column that move alike. */
export interface Series {
  readonly key: string;
  readonly column: string | undefined;
  readonly hopMicroseconds: number;
  readonly sums: boolean;
  readonly extremes: boolean;
  readonly compare: (a: PresentValue, b: PresentValue) => number;
  readonly aggregations: readonly ViewAggregation[];
}

const hopFunctions: ReadonlySet<string> = new Set(['count', 'sum', 'mean', 'min', 'max']);

export const seriesKeyOf = ({ hopSeconds, column }: ViewAggregation): string =>
  `${hopSeconds}/${column ?? ''}`;

/** The series that a view's aggregations need. */
export function seriesOf(aggregations: readonly ViewAggregation[]): Series[] {
  const byKey = Map.groupBy(
    aggregations.filter((one) => hopFunctions.has(one.function)),
    seriesKeyOf,
  );
  return [...byKey].map(([key, own]) => {
    const needs = (...functions: readonly ViewAggregation['function'][]) =>
      own.some((one) => functions.includes(one.function));
    const [{ column, columnType, hopSeconds }] = own as [ViewAggregation];
    return {
      key,
      column,
      hopMicroseconds: hopSeconds * 1_000_000,
      sums: needs('sum', 'mean'),
      extremes: needs('min', 'max'),
      compare: columnType === 'timestamp' ? compareTimes : compareValues,
      aggregations: own,
    };
  });
}

/** A member of a record; where there is none yet, what `first` makes. */
export function memberOf<T>(members: Record<string, T>, key: string, first: () => T): T {
  const known = members[key];
  if (known !== undefined) return known;
  const made = first();
  members[key] = made;
  return made;
}

const emptyHop = (): Hop => ({ n: 0 });

/** Adds the value of one row to the hop that it happened in. */
export function addToHops(series: Series, hops: Hops, hopStart: number, value: FeatureValue): void {
  if (series.column !== undefined && value === null) return;
  const hop = memberOf(hops, String(hopStart / series.hopMicroseconds), emptyHop);
  hop.n += 1;
  if (value === null) return;
  if (series.sums) {
    hop.s ??= [];
    addTo(hop.s, Number(value));
  }
  if (series.extremes) widen(series, hop, value, value);
}

function widen({ compare }: Series, hop: Hop, low: PresentValue, high: PresentValue): void {
  if (hop.lo === undefined || compare(low, hop.lo) < 0) hop.lo = low;
  if (hop.hi === undefined || compare(high, hop.hi) > 0) hop.hi = high;
}

/** Adds the hops of other rows, which stay as they are. */
export function addHops(series: Series, hops: Hops, others: Readonly<Hops>): void {
  for (const [key, other] of Object.entries(others)) {
    const hop = memberOf(hops, key, emptyHop);
    hop.n += other.n;
    if (other.s) {
      hop.s ??= [];
      for (const part of other.s) addTo(hop.s, part);
    }
    if (other.lo !== undefined && other.hi !== undefined) widen(series, hop, other.lo, other.hi);
  }
}

/** The value of an aggregation over the hops of its series, at a time. */
export function valueOfHops(series: Series, hops: Hops, aggregation: ViewAggregation, at: number) {
  const { windowSeconds, hopSeconds } = aggregation;
  const first = windowStart(at, windowSeconds, hopSeconds) / series.hopMicroseconds;
  const last = at / series.hopMicroseconds;
  const within = Object.entries(hops).flatMap(([start, hop]) =>
    Number(start) >= first && Number(start) <= last ? [hop] : [],
  );
  const count = within.reduce((total, { n }) => total + n, 0);
  switch (aggregation.function) {
    case 'sum':
      return count === 0 ? null : finite(sumOf(within));
    case 'mean':
      return count === 0 ? null : finite(sumOf(within) / count);
    case 'min':
      return extreme(
        within.map(({ lo }) => lo),
        series.compare,
      );
    case 'max':
      return extreme(
        within.map(({ hi }) => hi),
        (a, b) => series.compare(b, a),
      );
    default:
      return count;
  }
}

function sumOf(hops: readonly Hop[]): number {
  const total: ExactSum = [];
  for (const { s = [] } of hops) for (const part of s) addTo(total, part);
  return sumValue(total);
}

/** JSON has no infinity: a sum beyond the range of doubles is unknown. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function extreme(values: readonly (PresentValue | undefined)[], compare: Series['compare']): FeatureValue {
  const present = values.filter((value) => value !== undefined);
  return present.length === 0
    ? null
    : present.reduce((best, each) => (compare(each, best) < 0 ? each : best));
}

/** Texts in the order of their bytes in UTF-8, which is DuckDB's. */
function compareValues(a: PresentValue, b: PresentValue): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

const compareTimes = (a: PresentValue, b: PresentValue): number =>
  microsecondsOf(String(a), 'a value') - microsecondsOf(String(b), 'a value');
