import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { numericValue, present, type Sample } from './samples.ts';

/** How far two empirical distribution functions lie apart. */
export interface CumulativeDistances {
  readonly n: number;
  readonly nReference: number;
  /** Greatest |i·m − j·n|, where i of n and j of m values are at most x: the Kolmogorov-Smirnov statistic times n·m. */
  readonly greatestProduct: number;
  /** Area between the functions: Wasserstein-1, in the column's unit. */
  readonly wasserstein: number;
  /** Of the reference, with n − 1. */
  readonly standardDeviation: number | null;
}

/** Both distances in one ordered pass over the distinct values of both samples; exact, ties included. */
export async function cumulativeDistances(
  database: DuckDb,
  type: Exclude<Column['type'], 'string'>,
  samples: { readonly reference: Sample; readonly current: Sample },
): Promise<CumulativeDistances> {
  const number = numericValue('v', type);
  const side = (sample: Sample, ours: number) =>
    `SELECT x, ${ours} AS ours, ${1 - ours} AS theirs FROM (SELECT ${number} AS x FROM ${present(sample)}) WHERE x IS NOT NULL`;
  const [found] = await database.rows<Found>(
    `WITH per_value AS (SELECT x, sum(ours)::BIGINT AS ours, sum(theirs)::BIGINT AS theirs
        FROM (${side(samples.current, 1)} UNION ALL ${side(samples.reference, 0)}) GROUP BY x),
      size AS (SELECT coalesce(sum(ours), 0)::BIGINT AS n, coalesce(sum(theirs), 0)::BIGINT AS m FROM per_value),
      below AS (SELECT x, sum(ours) OVER up AS i, sum(theirs) OVER up AS j, lead(x) OVER up - x AS width
        FROM per_value WINDOW up AS (ORDER BY x ROWS UNBOUNDED PRECEDING))
    SELECT n, m, max(abs(i * m - j * n))::DOUBLE AS product, sum(abs(i / n - j / m) * width) AS area,
      (SELECT stddev_samp(x) FROM (${side(samples.reference, 0)}) WHERE abs(x) < 1e150) AS deviation
    FROM size LEFT JOIN below ON true GROUP BY n, m`,
  );
  return {
    n: Number(found!.n),
    nReference: Number(found!.m),
    greatestProduct: found!.product ?? 0,
    wasserstein: found!.area ?? 0,
    standardDeviation: found!.deviation,
  };
}

interface Found {
  readonly n: bigint;
  readonly m: bigint;
  readonly product: number | null;
  readonly area: number | null;
  readonly deviation: number | null;
}
