import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { ColumnSource } from './column-source.ts';
import { numberOf, textOfValue, typedSql } from './read-values.ts';

type ColumnType = Column['type'];

/** A source and the types that it is looked at with. */
export interface TypedSource {
  readonly source: ColumnSource;
  /** Its statistics are of values of this type. */
  readonly type: ColumnType;
  /** The type that all its values are thought to have. */
  readonly candidate: ColumnType;
}

/** What one pass over a column says. Of numbers that are no finite numbers nothing but their count is known. */
export interface Measures {
  readonly values: number;
  /** Values that have the type, and those that have the candidate. */
  readonly typed: number;
  readonly candidates: number;
  readonly distinct: number;
  readonly min: string | null;
  readonly max: string | null;
  /** As numbers; of texts and booleans null. */
  readonly least: number | null;
  readonly greatest: number | null;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  /** Characters of texts. */
  readonly length: { readonly min: number; readonly max: number; readonly mean: number } | null;
}

/** Squares of greater numbers are beyond a double. */
const maxSquared = 1e150;

/**
 * Measures columns in one pass over `rows`. Of the distinct values one of `distinctShare` is counted, chosen by hash, and
 * multiplied (Gibbons 2001, Distinct sampling): the standard error is √(share / distinct), a quarter of DuckDB's HyperLogLog's.
 */
export async function measureColumns(
  database: DuckDb,
  rows: string,
  sources: readonly TypedSource[],
  options: { readonly distinctShare: number },
): Promise<Measures[]> {
  const inner = sources.flatMap(({ source, type, candidate }, place) => {
    const value = typedSql(source, type);
    return [
      `${source.sql} AS raw${place}`,
      `${value} AS value${place}`,
      ...(candidate === type && source.column.type === undefined
        ? []
        : [`${typedSql({ ...source, column: { name: source.column.name } }, candidate)} AS other${place}`]),
    ];
  });
  const outer = sources.flatMap((typed, place) =>
    measuresOf(typed, place, options.distinctShare).map(
      (measure, index) => `${measure} AS m${place}_${index}`,
    ),
  );
  const [measured] = await database.rows<Record<string, unknown>>(
    `SELECT ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${rows})`,
  );
  return sources.map((_source, place) => readMeasures((index) => measured![`m${place}_${index}`]));
}

function measuresOf(
  { source, type, candidate }: TypedSource,
  place: number,
  distinctShare: number,
): string[] {
  const value = `value${place}`;
  const number = numberOf(value, type);
  const other = candidate === type && source.column.type === undefined ? value : `other${place}`;
  const least = type === 'number' ? number : value;
  const counts = [
    `count(raw${place})`,
    `count(${value})`,
    `count(${other})`,
    distinctOf(value, distinctShare),
    textOfValue(`min(${least})`, type),
    textOfValue(`max(${least})`, type),
  ];
  if (number === undefined)
    return [
      ...counts,
      ...Array(4).fill('NULL'),
      ...(type === 'string'
        ? [`min(length(${value}))`, `max(length(${value}))`, `avg(length(${value}))`]
        : Array(3).fill('NULL')),
    ];
  const [min, max] =
    type === 'timestamp'
      ? [`epoch(min(${value}))`, `epoch(max(${value}))`]
      : [`min(${number})`, `max(${number})`];
  const squared = type === 'number' ? `CASE WHEN abs(${number}) < ${maxSquared} THEN ${number} END` : number;
  return [...counts, min, max, `avg(${squared})`, `stddev_samp(${squared})`, 'NULL', 'NULL', 'NULL'];
}

const distinctOf = (value: string, share: number): string =>
  share === 1
    ? `count(DISTINCT ${value})`
    : `${share} * count(DISTINCT hash(${value})) FILTER (${value} IS NOT NULL AND hash(${value}) % ${share} = 0)`;

function readMeasures(at: (index: number) => unknown): Measures {
  const count = (index: number) => Number(at(index));
  const number = (index: number) => (at(index) === null ? null : Number(at(index)));
  const [least, greatest] = [number(6), number(7)];
  const isWithin = least !== null && greatest !== null && Math.max(-least, greatest) < maxSquared;
  const shortest = number(10);
  return {
    values: count(0),
    typed: count(1),
    candidates: count(2),
    distinct: Math.min(count(3), count(1)),
    min: at(4) as string | null,
    max: at(5) as string | null,
    least,
    greatest,
    mean: isWithin ? number(8) : null,
    standardDeviation: isWithin ? number(9) : null,
    length: shortest === null ? null : { min: shortest, max: count(11), mean: count(12) },
  };
}
