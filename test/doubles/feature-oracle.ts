import type { FeatureStatus, FeatureValue, ViewAggregation } from '#services/feature-store/contract.ts';

/** A row of one entity, with its values by column. Times in microseconds. */
export interface OracleRow {
  readonly eventAt: number;
  readonly availableAt: number;
  readonly tie: string;
  readonly values: Readonly<Record<string, FeatureValue>>;
}

interface OracleAnswer {
  readonly status: FeatureStatus;
  readonly eventAt?: number;
  readonly values: Readonly<Record<string, FeatureValue>>;
}

const second = 1_000_000n;

function isBefore(a: OracleRow, b: OracleRow): boolean {
  if (a.eventAt !== b.eventAt) return a.eventAt < b.eventAt;
  if (a.availableAt !== b.availableAt) return a.availableAt < b.availableAt;
  return a.tie < b.tie;
}

const visibleAt = (rows: readonly OracleRow[], at: number) =>
  rows.filter((row) => Math.max(row.eventAt, row.availableAt) <= at);
const newestOf = (rows: readonly OracleRow[]) =>
  rows.reduce<OracleRow | undefined>((best, row) => (best && !isBefore(best, row) ? best : row), undefined);

/** What a view with a schema answers, read off its definition: all rows, one by one. */
export function newestRowAnswer(
  rows: readonly OracleRow[],
  columns: readonly string[],
  at: number,
  ttlSeconds?: number,
): OracleAnswer {
  const newest = newestOf(visibleAt(rows, at));
  const isFresh = newest && (ttlSeconds === undefined || newest.eventAt >= at - ttlSeconds * 1e6);
  return {
    status: !newest ? 'NOT_FOUND' : isFresh ? 'PRESENT' : 'EXPIRED',
    ...(newest ? { eventAt: newest.eventAt } : {}),
    values: Object.fromEntries(
      columns.map((column) => [column, isFresh ? (newest.values[column] ?? null) : null]),
    ),
  };
}

/** The rows that a window holds at a time, by the definition of windows in whole numbers. */
function within(rows: readonly OracleRow[], one: ViewAggregation, at: number): OracleRow[] {
  const hop = BigInt(one.hopSeconds) * second;
  const wanted = BigInt(at) - BigInt(one.windowSeconds) * second;
  const start = wanted - (((wanted % hop) + hop) % hop);
  return visibleAt(rows, at).filter((row) => BigInt(row.eventAt) >= start);
}

/** What a view with aggregations answers, read off its definition. */
export function windowAnswer(
  rows: readonly OracleRow[],
  aggregations: readonly ViewAggregation[],
  at: number,
): OracleAnswer {
  const newest = newestOf(aggregations.flatMap((one) => within(rows, one, at)));
  return {
    status: newest ? 'PRESENT' : 'NOT_FOUND',
    ...(newest ? { eventAt: newest.eventAt } : {}),
    values: Object.fromEntries(
      aggregations.map((one) => [one.name, newest ? valueIn(one, within(rows, one, at)) : null]),
    ),
  };
}

function valueIn(one: ViewAggregation, rows: readonly OracleRow[]): FeatureValue {
  const values = rows.flatMap((row) => row.values[one.column ?? ''] ?? []);
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  switch (one.function) {
    case 'count':
      return one.column === undefined ? rows.length : values.length;
    case 'distinct':
      return new Set(values).size;
    case 'last':
      return newestOf(rows)?.values[one.column ?? ''] ?? null;
    case 'sum':
      return values.length === 0 ? null : sum;
    case 'mean':
      return values.length === 0 ? null : sum / values.length;
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
  }
}
