import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';

/** One side of a comparison. */
export interface Sample {
  /** SQL that may stand after FROM. */
  readonly relation: string;
  /** SQL of the column's typed value over it, NULL where there is none; best quoted by `quoteName`. */
  readonly value: string;
}

/** SQL of a typed value as a finite number: times as seconds since 1970, false and true as 0 and 1; undefined for texts. */
export function numericValue(value: string, type: Column['type']): string | undefined {
  if (type === 'string') return undefined;
  if (type === 'timestamp') return `epoch(${value})`;
  const number = `CAST(${value} AS DOUBLE)`;
  return type === 'number' ? `CASE WHEN isfinite(${number}) THEN ${number} END` : number;
}

/** SQL of the values of a sample that are there, as column `v`. */
export const present = ({ relation, value }: Sample): string =>
  `(SELECT v FROM (SELECT ${value} AS v FROM ${relation}) WHERE v IS NOT NULL)`;

export async function countValues(database: DuckDb, sample: Sample): Promise<number> {
  const [counted] = await database.rows<{ n: bigint }>(`SELECT count(*) AS n FROM ${present(sample)}`);
  return Number(counted!.n);
}
