import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { numericValue, present, type Sample } from './samples.ts';

/** Both samples counted over the same bins, made by the reference. */
export interface BinCounts {
  readonly reference: number[];
  readonly current: number[];
}

const quantileBins = 10;
/** Numbers with at most so many distinct values, each in ten rows or more on average, are counted by value. */
const maxNumberCategories = 20;
const rowsPerCategory = 10;
/** Beyond so many categories the rarest of the reference, and those it does not have, are counted as one. */
export const maxCategories = 100;

/**
 * Counts values that are there: texts, booleans and few-valued numbers by value, other numbers and times over ten bins that
 * end at the deciles of the reference (each decile is a value of it; equal ones make one bin; the last bin is open). Bins that
 * are empty on both sides are left out.
 */
export async function countBins(
  database: DuckDb,
  type: Column['type'],
  samples: { readonly reference: Sample; readonly current: Sample },
): Promise<BinCounts> {
  const number = numericValue('v', type);
  if (type === 'boolean' || number === undefined) return countCategories(database, samples);
  const numbers = `(SELECT ${number} AS v FROM ${present(samples.reference)})`;
  const [found] = await database.rows<{ n: bigint; distinct_values: bigint }>(
    `SELECT count(v) AS n, count(DISTINCT v) AS distinct_values FROM ${numbers}`,
  );
  const [n, distinct] = [Number(found!.n), Number(found!.distinct_values)];
  if (distinct <= maxNumberCategories && distinct * rowsPerCategory <= n)
    return countCategories(database, samples);
  const [quantiles] = await database.rows<{ deciles: number[] | null }>(
    `SELECT quantile_disc(v, [${decilesOf(n).join(', ')}]) AS deciles FROM ${numbers}`,
  );
  const cuts = [...new Set(quantiles!.deciles ?? [])];
  const reference = await countOver(database, cuts, number, samples.reference);
  const current = await countOver(database, cuts, number, samples.current);
  const isUsed = (_count: number, bin: number) => reference[bin]! + current[bin]! > 0;
  return { reference: reference.filter(isUsed), current: current.filter(isUsed) };
}

/** Levels midway to the rank before, so that no rounding of k·n/10 decides which value is the decile. */
const decilesOf = (n: number): number[] =>
  Array.from(
    { length: quantileBins - 1 },
    (_none, index) => (Math.ceil(((index + 1) * n) / quantileBins) - 0.5) / n,
  );

async function countOver(
  database: DuckDb,
  cuts: readonly number[],
  number: string,
  sample: Sample,
): Promise<number[]> {
  const edges = [...cuts.map((cut) => `'${cut}'::DOUBLE`), "'infinity'::DOUBLE"].join(', ');
  const [found] = await database.rows<{ counts: bigint[] | null }>(
    `SELECT map_values(histogram(v, [${edges}])) AS counts FROM (SELECT ${number} AS v FROM ${present(sample)})`,
  );
  return found!.counts?.map(Number) ?? new Array<number>(cuts.length + 1).fill(0);
}

async function countCategories(
  database: DuckDb,
  { reference, current }: { reference: Sample; current: Sample },
): Promise<BinCounts> {
  const counted = (sample: Sample) => `SELECT v, count(*) AS times FROM ${present(sample)} GROUP BY v`;
  const bins = await database.rows<{ theirs: bigint; ours: bigint }>(
    `WITH theirs AS (${counted(reference)}), ours AS (${counted(current)}),
      named AS (SELECT v, row_number() OVER (ORDER BY times DESC, v) AS place FROM theirs QUALIFY place < ${maxCategories})
    SELECT coalesce(named.place, ${maxCategories}) AS bin, sum(coalesce(theirs.times, 0))::BIGINT AS theirs, sum(coalesce(ours.times, 0))::BIGINT AS ours
    FROM theirs FULL JOIN ours USING (v) LEFT JOIN named USING (v) GROUP BY bin ORDER BY bin`,
  );
  return {
    reference: bins.map(({ theirs }) => Number(theirs)),
    current: bins.map(({ ours }) => Number(ours)),
  };
}
