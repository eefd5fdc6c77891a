import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureStatus, FeatureValue, ViewAggregation } from '../contract.ts';
import { type RowOrder, rankOf } from './rank.ts';
import {
  addHops,
  addToHops,
  type Hops,
  memberOf,
  type Series,
  seriesKeyOf,
  seriesOf,
  valueOfHops,
} from './window-series.ts';
import { earliestStart, floorTo, windowStart } from './windows.ts';

/** Bytes of the text of a state at most: an item of DynamoDB holds 400 KB. */
export const maxStateBytes = 300_000;

/**
 * All that is kept of an entity's rows to answer a view's aggregations from now on: sums of whole hops, when each different value was
 * last seen, and the newest row. Rows may be added in any order; the state is the same. JSON; `version` counts up with its shape.
 */
export interface WindowState {
  readonly version: 1;
  /** The view's longest window: whether a row lies in it decides the status of all. Absent where no row was added. */
  longest?: { readonly windowSeconds: number; readonly hopSeconds: number };
  /** The row of greatest rank, with the columns that `last` takes. */
  newest?: {
    readonly rank: string;
    readonly eventAt: number;
    readonly values: Readonly<Record<string, FeatureValue>>;
  };
  /** By series: hop and column. */
  series: Record<string, Hops>;
  /** By column: the newest event time of each value, by the value's JSON. */
  distinct: Record<string, Record<string, number>>;
}

/** A row as aggregations see it. Columns that are missing are null. */
export interface WindowRow extends RowOrder {
  readonly values: Readonly<Record<string, FeatureValue>>;
}

export interface WindowAnswer {
  /** PRESENT where a row lies in the longest window, else NOT_FOUND with null values. */
  readonly status: FeatureStatus;
  /** Of the newest row, in microseconds. */
  readonly eventAt?: number;
  /** By name of the aggregation. */
  readonly values: Readonly<Record<string, FeatureValue>>;
}

export const emptyState = (): WindowState => ({ version: 1, series: {}, distinct: {} });

/** What a view's aggregations need of rows, found out once. */
interface Needs {
  readonly series: readonly Series[];
  readonly distinctColumns: readonly string[];
  readonly lastColumns: readonly string[];
  readonly longest: NonNullable<WindowState['longest']>;
}

/** By the list itself: definitions are read once and used for every record. */
const known = new WeakMap<readonly ViewAggregation[], Needs>();

function needsOf(aggregations: readonly ViewAggregation[]): Needs {
  const found = known.get(aggregations);
  if (found) return found;
  const needs = {
    series: seriesOf(aggregations),
    distinctColumns: columnsOf(aggregations, 'distinct'),
    lastColumns: columnsOf(aggregations, 'last'),
    longest: longestOf(aggregations),
  };
  known.set(aggregations, needs);
  return needs;
}

function longestOf(aggregations: readonly ViewAggregation[]): NonNullable<WindowState['longest']> {
  const [{ windowSeconds, hopSeconds }] = aggregations.toSorted(
    (a, b) => b.windowSeconds - a.windowSeconds,
  ) as [ViewAggregation];
  return { windowSeconds, hopSeconds };
}

/** Adds these rows to the state, in whatever order they are, and gives it back. A row that is added twice counts twice. */
export function addRows(
  state: WindowState,
  aggregations: readonly ViewAggregation[],
  rows: Iterable<WindowRow>,
): WindowState {
  const { series, distinctColumns, lastColumns, longest } = needsOf(aggregations);
  for (const row of rows) {
    for (const one of series) addToSeries(one, state.series, row);
    for (const column of distinctColumns) addToDistinct(seenOf(state, column), row, column);
    const { newest } = state;
    if (newest && row.eventAt < newest.eventAt) continue;
    const rank = rankOf(row);
    if (!newest || rank > newest.rank)
      state.newest = { rank, eventAt: row.eventAt, values: lastValues(row, lastColumns) };
    state.longest ??= longest;
  }
  return state;
}

/** Adds all rows of another state, which stays as it is. Rows that are in both count twice. */
export function addState(
  state: WindowState,
  aggregations: readonly ViewAggregation[],
  other: WindowState,
): WindowState {
  if (!other.newest) return state;
  for (const one of needsOf(aggregations).series)
    addHops(
      one,
      memberOf<Hops>(state.series, one.key, () => ({})),
      other.series[one.key] ?? {},
    );
  for (const [column, values] of Object.entries(other.distinct)) {
    const seen = seenOf(state, column);
    for (const [value, seenAt] of Object.entries(values))
      seen[value] = Math.max(seen[value] ?? seenAt, seenAt);
  }
  if (!state.newest || other.newest.rank > state.newest.rank) state.newest = other.newest;
  state.longest ??= needsOf(aggregations).longest;
  return state;
}

const seenOf = ({ distinct }: WindowState, column: string) =>
  memberOf<Record<string, number>>(distinct, column, () => ({}));

function addToSeries(one: Series, series: WindowState['series'], { eventAt, values }: WindowRow): void {
  const value = one.column === undefined ? null : (values[one.column] ?? null);
  const hops = memberOf<Hops>(series, one.key, () => ({}));
  addToHops(one, hops, floorTo(eventAt, one.hopMicroseconds), value);
}

function addToDistinct(seen: Record<string, number>, { eventAt, values }: WindowRow, column: string): void {
  const value = values[column] ?? null;
  if (value === null) return;
  const key = JSON.stringify(value);
  seen[key] = Math.max(seen[key] ?? eventAt, eventAt);
}

const lastValues = ({ values }: WindowRow, columns: readonly string[]) =>
  Object.fromEntries(columns.map((column) => [column, values[column] ?? null]));

const ofFunction = (aggregations: readonly ViewAggregation[], name: ViewAggregation['function']) =>
  aggregations.filter((one) => one.function === name);

const columnsOf = (aggregations: readonly ViewAggregation[], name: ViewAggregation['function']): string[] => [
  ...new Set(ofFunction(aggregations, name).flatMap(({ column }) => column ?? [])),
];

/** Drops from the state what no window reaches any more at this time (microseconds) or later, and gives back what is left. */
export function dropBefore(
  state: WindowState,
  aggregations: readonly ViewAggregation[],
  now: number,
): WindowState {
  const { newest, longest } = state;
  if (!newest || !longest || newest.eventAt < earliestStart(now, [longest])) return emptyState();
  const { series, distinctColumns } = needsOf(aggregations);
  for (const { key, hopMicroseconds, aggregations: own } of series)
    dropHops(state.series[key], earliestStart(now, own) / hopMicroseconds);
  for (const column of distinctColumns) {
    const own = ofFunction(aggregations, 'distinct').filter((one) => one.column === column);
    dropUnseen(state.distinct[column], earliestStart(now, own));
  }
  return state;
}

function dropHops(hops: Hops = {}, first: number): void {
  for (const start in hops) if (Number(start) < first) delete hops[start];
}

function dropUnseen(seen: Record<string, number> = {}, first: number): void {
  for (const value in seen) if (seen[value]! < first) delete seen[value];
}

/**
 * What aggregations of the view, all or some, answer at a time (microseconds) that is not before any row of the state: hops are whole, so
 * that they cannot answer for the past.
 */
export function valuesAt(
  state: WindowState,
  aggregations: readonly ViewAggregation[],
  at: number,
): WindowAnswer {
  const { newest, longest } = state;
  if (!newest || !longest || newest.eventAt < earliestStart(at, [longest])) {
    return { status: 'NOT_FOUND', values: Object.fromEntries(aggregations.map(({ name }) => [name, null])) };
  }
  const series = new Map(needsOf(aggregations).series.map((one) => [one.key, one]));
  const valueIn = (one: ViewAggregation): FeatureValue => {
    const { function: name, column = '', windowSeconds, hopSeconds } = one;
    const start = windowStart(at, windowSeconds, hopSeconds);
    if (name === 'last') return newest.eventAt < start ? null : (newest.values[column] ?? null);
    if (name === 'distinct')
      return Object.values(state.distinct[column] ?? {}).filter((seenAt) => seenAt >= start).length;
    const key = seriesKeyOf(one);
    return valueOfHops(series.get(key)!, state.series[key] ?? {}, one, at);
  };
  return {
    status: 'PRESENT',
    eventAt: newest.eventAt,
    values: Object.fromEntries(aggregations.map((one) => [one.name, valueIn(one)])),
  };
}

/** A state as text to be kept. Throws WindowStateTooLarge (precondition_failed); `what` says whose it is. */
export function stateText(state: WindowState, what: string): string {
  const text = JSON.stringify(state);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxStateBytes) return text;
  throw new AppError(
    'precondition_failed',
    'WindowStateTooLarge',
    `The windows of ${what} take ${bytes} bytes; ${maxStateBytes} can be kept of an entity. Use fewer aggregations, shorter windows, or no distinct of a column with so many values.`,
  );
}
