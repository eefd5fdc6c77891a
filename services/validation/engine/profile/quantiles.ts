import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { type MeasuredColumn, measuredSql } from './measured-column.ts';
import { numberOf } from './read-values.ts';

/** Between the extremes, which are known already. */
const levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** Quantiles of the sample, interpolated linearly, between the extremes of all rows; undefined for what is no number or time. */
export async function estimateQuantiles(
  database: DuckDb,
  sample: string,
  columns: readonly MeasuredColumn[],
): Promise<(number[] | undefined)[]> {
  const numbers = columns.map((column) =>
    column.measures.least === null ? undefined : numberOf(measuredSql(column), column.typed.type),
  );
  const wanted = numbers.flatMap((number, place) =>
    number === undefined ? [] : [`quantile_cont(${number}, [${levels.join(', ')}]) AS q${place}`],
  );
  if (wanted.length === 0) return columns.map(() => undefined);
  const [found] = await database.rows<Record<string, number[] | null>>(
    `SELECT ${wanted.join(', ')} FROM ${sample}`,
  );
  return columns.map(({ measures: { least, greatest } }, place) => {
    const inner = numbers[place] === undefined ? undefined : found![`q${place}`];
    if (!inner || least === null || greatest === null) return undefined;
    const quantiles = [least, ...inner, greatest];
    return quantiles.every(Number.isFinite) ? quantiles : undefined;
  });
}
