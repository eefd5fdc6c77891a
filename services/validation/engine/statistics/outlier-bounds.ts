import type { ContractRule } from '#services/projects/contract.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { present, type Sample } from './samples.ts';

export type OutlierMethod = Extract<ContractRule, { check: 'outliers' }>['method'];

export interface OutlierBounds {
  /** Values below are outliers. */
  readonly low: number;
  /** Values above are outliers. */
  readonly high: number;
}

/** Greatest distances where a rule gives none. */
export const defaultThreshold: Readonly<Record<OutlierMethod, number>> = { iqr: 1.5, z: 3, mad: 3.5 };
/** 1 / Φ⁻¹(¾): makes the median absolute deviation of normal values their standard deviation. */
export const madScale = 1.4826;
/** Squares of greater numbers are beyond a double. */
const maxSquared = 1e150;

/**
 * Between which values of a column there are no outliers. `iqr`: Tukey's fences, quartiles interpolated linearly. `z`: mean and
 * sample standard deviation. `mad`: median and 1.4826 median absolute deviations (Iglewicz and Hoaglin 1993). `sample.value` is a
 * number. Undefined where there is nothing to go by: no values, or a spread of 0 (half of the values or more are equal),
 * with which every other value would be an outlier.
 */
export async function outlierBounds(
  database: DuckDb,
  sample: Sample,
  method: OutlierMethod,
  threshold: number = defaultThreshold[method],
): Promise<OutlierBounds | undefined> {
  const values = `(SELECT v FROM (SELECT CAST(v AS DOUBLE) AS v FROM ${present(sample)}) WHERE abs(v) < ${maxSquared})`;
  const [found] = await database.rows<{ low: number | null; high: number | null }>(
    bounds[method](values, threshold),
  );
  const { low, high } = found ?? { low: null, high: null };
  return low === null || high === null || low >= high ? undefined : { low, high };
}

const bounds: Readonly<Record<OutlierMethod, (values: string, threshold: number) => string>> = {
  iqr: (values, threshold) =>
    `SELECT q[1] - ${threshold} * (q[2] - q[1]) AS low, q[2] + ${threshold} * (q[2] - q[1]) AS high FROM (SELECT quantile_cont(v, [0.25, 0.75]) AS q FROM ${values}) WHERE q[1] < q[2]`,
  z: (values, threshold) =>
    `SELECT avg(v) - ${threshold} * stddev_samp(v) AS low, avg(v) + ${threshold} * stddev_samp(v) AS high FROM ${values}`,
  mad: (values, threshold) =>
    `SELECT median(v) - ${threshold * madScale} * mad(v) AS low, median(v) + ${threshold * madScale} * mad(v) AS high FROM ${values}`,
};
