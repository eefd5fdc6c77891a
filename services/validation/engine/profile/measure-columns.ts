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
  const columns = sources.map((typed, place) => readColumn(typed, place));
  const inner = columns.flatMap(({ selected }) => selected);
  const outer = columns.flatMap((column, place) =>
    Object.entries(measuresOf(column, options.distinctShare)).map(
      ([name, sql]) => `${sql} AS ${name}${place}`,
    ),
  );
  const [measured] = await database.rows<Record<string, unknown>>(
    `SELECT ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${rows})`,
  );
  return columns.map((column, place) => readMeasures(column, (name) => measured![`${name}${place}`] ?? null));
}

/** A column's SQL names in the pass: equal expressions have one. */
interface ReadColumn {
  readonly type: ColumnType;
  readonly raw: string;
  readonly value: string;
  /** The value as the candidate type. */
  readonly other: string;
  readonly selected: readonly string[];
}

function readColumn({ source, type, candidate }: TypedSource, place: number): ReadColumn {
  const undeclared = { ...source, column: { name: source.column.name } };
  const [raw, value, other] = [`raw${place}`, `value${place}`, `other${place}`];
  const wanted = [
    [raw, source.sql],
    [value, typedSql(source, type)],
    [other, typedSql(undeclared, candidate)],
  ] as const;
  const nameOf = (sql: string) => wanted.find((one) => one[1] === sql)![0];
  const selected = wanted
    .filter(([name, sql]) => nameOf(sql) === name)
    .map(([name, sql]) => `${sql} AS ${name}`);
  return { type, raw, value: nameOf(wanted[1][1]), other: nameOf(wanted[2][1]), selected };
}

function measuresOf({ type, raw, value, other }: ReadColumn, distinctShare: number): Record<string, string> {
  const number = numberOf(value, type);
  const ordered = type === 'number' ? number : value;
  return {
    n: `count(${raw})`,
    ...(value === raw ? {} : { typed: `count(${value})` }),
    ...(other === raw ? {} : { fits: `count(${other})` }),
    distinct_: distinctOf(value, distinctShare),
    min: textOfValue(`min(${ordered})`, type),
    max: textOfValue(`max(${ordered})`, type),
    ...(number === undefined ? {} : numberMeasures(type, value, number)),
    ...(type === 'string'
      ? {
          shortest: `min(length(${value}))`,
          longest: `max(length(${value}))`,
          usual: `avg(length(${value}))`,
        }
      : {}),
  };
}

function numberMeasures(type: ColumnType, value: string, number: string): Record<string, string> {
  const isTime = type === 'timestamp';
  const squared = type === 'number' ? `CASE WHEN abs(${value}) < ${maxSquared} THEN ${value} END` : number;
  return {
    least: isTime ? `epoch(min(${value}))` : `min(${number})`,
    greatest: isTime ? `epoch(max(${value}))` : `max(${number})`,
    mean: `avg(${squared})`,
    deviation: `stddev_samp(${squared})`,
  };
}

const hashes = 2n ** 64n;

/** Comparing a hash with a bound is cheaper than dividing it. */
const distinctOf = (value: string, share: number): string =>
  share === 1
    ? `count(DISTINCT ${value})`
    : `${share} * count(DISTINCT hash(${value})) FILTER (${value} IS NOT NULL AND hash(${value}) < ${hashes / BigInt(share)})`;

function readMeasures({ raw, value, other }: ReadColumn, at: (name: string) => unknown): Measures {
  const number = (name: string) => (at(name) === null ? null : Number(at(name)));
  const values = Number(at('n'));
  const typed = value === raw ? values : Number(at('typed'));
  const [least, greatest] = [number('least'), number('greatest')];
  const isWithin = least !== null && greatest !== null && Math.max(-least, greatest) < maxSquared;
  const shortest = number('shortest');
  return {
    values,
    typed,
    candidates: other === raw ? values : Number(at('fits')),
    distinct: Math.min(Number(at('distinct_')), typed),
    min: at('min') as string | null,
    max: at('max') as string | null,
    least,
    greatest,
    mean: isWithin ? number('mean') : null,
    standardDeviation: isWithin ? number('deviation') : null,
    length:
      shortest === null ? null : { min: shortest, max: Number(at('longest')), mean: Number(at('usual')) },
  };
}
