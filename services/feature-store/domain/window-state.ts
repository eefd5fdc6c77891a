import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureStatus, FeatureValue, ViewAggregation } from '../contract.ts';
import { type RowOrder, rankOf } from './rank.ts';
import {
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
  readonly longest?: { readonly windowSeconds: number; readonly hopSeconds: number };
  /** The row of greatest rank, with the columns that `last` takes. */
  readonly newest?: {
    readonly rank: string;
    readonly eventAt: number;
    readonly values: Readonly<Record<string, FeatureValue>>;
  };
  /** By series: hop and column. */
  readonly series: Readonly<Record<string, Hops>>;
  /** By column: the newest event time of each value, by the value's JSON. */
  readonly distinct: Readonly<Record<string, Readonly<Record<string, number>>>>;
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

/** The state with one more row. */
export const addRow = (
  state: WindowState,
  aggregations: readonly ViewAggregation[],
  row: WindowRow,
): WindowState => addRows(state, aggregations, [row]);

/** The state with these rows, in whatever order they are. A row that is added twice counts twice. */
export function addRows(
  state: WindowState,
  aggregations: readonly ViewAggregation[],
  rows: Iterable<WindowRow>,
): WindowState {
  const allSeries = seriesOf(aggregations);
  const series = copyOf(state.series);
  const distinct = copyOf(state.distinct);
  const distinctColumns = columnsOf(aggregations, 'distinct');
  const lastColumns = columnsOf(aggregations, 'last');
  let { newest } = state;
  for (const row of rows) {
    for (const one of allSeries) addToSeries(one, series, row);
    for (const column of distinctColumns) addToDistinct(memberOf(distinct, column, {}), row, column);
    const rank = rankOf(row);
    if (newest && rank <= newest.rank) continue;
    newest = { rank, eventAt: row.eventAt, values: lastValues(row, lastColumns) };
  }
  return newest ? { version: 1, longest: longestOf(aggregations), newest, series, distinct } : emptyState();
}

/** A copy whose members may be replaced: what they hold is never changed. */
const copyOf = <T>(groups: Readonly<Record<string, Readonly<Record<string, T>>>>) =>
  Object.fromEntries(Object.entries(groups).map(([key, members]) => [key, { ...members }]));

function longestOf(aggregations: readonly ViewAggregation[]): NonNullable<WindowState['longest']> {
  const [{ windowSeconds, hopSeconds }] = aggregations.toSorted(
    (a, b) => b.windowSeconds - a.windowSeconds,
  ) as [ViewAggregation];
  return { windowSeconds, hopSeconds };
}

function addToSeries(one: Series, series: Record<string, Hops>, { eventAt, values }: WindowRow): void {
  const value = one.column === undefined ? null : (values[one.column] ?? null);
  addToHops(one, memberOf<Hops>(series, one.key, {}), floorTo(eventAt, one.hopMicroseconds), value);
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

/** The state without what no window reaches any more at this time (microseconds) or later. */
export function dropBefore(
  state: WindowState,
  aggregations: readonly ViewAggregation[],
  now: number,
): WindowState {
  const { newest, longest } = state;
  if (!newest || !longest || newest.eventAt < earliestStart(now, [longest])) return emptyState();
  const series = seriesOf(aggregations).map(({ key, hopMicroseconds, aggregations: own }) => {
    const first = earliestStart(now, own) / hopMicroseconds;
    return [key, entriesFrom(state.series[key], (start) => Number(start) >= first)] as const;
  });
  const distinct = columnsOf(aggregations, 'distinct').map((column) => {
    const own = ofFunction(aggregations, 'distinct').filter((one) => one.column === column);
    const first = earliestStart(now, own);
    return [column, entriesFrom(state.distinct[column], (_value, seenAt) => seenAt >= first)] as const;
  });
  return {
    version: 1,
    longest,
    newest,
    series: Object.fromEntries(series),
    distinct: Object.fromEntries(distinct),
  };
}

const entriesFrom = <T>(
  entries: Readonly<Record<string, T>> = {},
  isKept: (key: string, value: T) => boolean,
): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).filter(([key, value]) => isKept(key, value)));

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
  const series = new Map(seriesOf(aggregations).map((one) => [one.key, one]));
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
