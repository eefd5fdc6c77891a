import type { ContractRule } from '#services/projects/contract.ts';
import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { chiSquaredTest } from '#shared/statistics/chi-squared.ts';
import { jensenShannonDivergence } from '#shared/statistics/jensen-shannon.ts';
import { kolmogorovSmirnovResult } from '#shared/statistics/kolmogorov-smirnov.ts';
import { populationStabilityIndex } from '#shared/statistics/population-stability.ts';
import { countBins } from './count-bins.ts';
import { cumulativeDistances } from './cumulative-distances.ts';
import { countValues, type Sample } from './samples.ts';

export type { Sample } from './samples.ts';
export type DistributionRule = Extract<ContractRule, { check: 'distribution' }>;
type Method = DistributionRule['method'];

/** What a distribution check found; `statistic` is absent where nothing was measured or the distance is infinite. */
export interface DistributionFinding {
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'insufficient';
  readonly statistic?: number;
  readonly pValue?: number;
  /** Values, missing ones not counted. */
  readonly n: number;
  readonly nReference: number;
  readonly observed: string;
  readonly expected: string;
}

/** Greatest distances where the rule gives none. */
export const defaultMax: Readonly<Record<Method, number>> = {
  psi: 0.2,
  ks: 0.1,
  chi_squared: 0.1,
  jensen_shannon: 0.1,
  wasserstein: 0.1,
};
const words: Readonly<Record<Method, string>> = {
  psi: 'a population stability index',
  ks: 'a Kolmogorov-Smirnov distance',
  chi_squared: 'a Cramér’s V',
  jensen_shannon: 'a Jensen-Shannon divergence in bits',
  wasserstein: 'a Wasserstein distance in standard deviations of the reference',
};

/**
 * Holds a column's values against those of a reference version. What counts is the size of the difference, not its p-value: with
 * a million rows every difference is significant. Missing values are left out; null_share speaks of them. `ks` and
 * `wasserstein` of texts fail, for there is no distance between texts. `reference` is absent where there is no such version yet.
 */
export async function distributionCheck(
  database: DuckDb,
  rule: DistributionRule,
  type: Column['type'],
  samples: { readonly current: Sample; readonly reference?: Sample | undefined },
): Promise<DistributionFinding> {
  const max = rule.max ?? defaultMax[rule.method];
  const expected = `${words[rule.method]} of at most ${max} from version ${rule.reference}`;
  const { current, reference } = samples;
  const n = await countValues(database, current);
  if (!reference)
    return {
      outcome: 'skipped',
      n,
      nReference: 0,
      observed: `no version ${rule.reference} to compare with`,
      expected,
    };
  const nReference = await countValues(database, reference);
  const counted = { n, nReference, expected };
  if (Math.min(n, nReference) < rule.minRows)
    return {
      ...counted,
      outcome: 'insufficient',
      observed: `${n} values against ${nReference}; ${rule.minRows} are needed on either side`,
    };
  const distance = await measure(database, rule.method, type, { current, reference });
  if (distance === undefined)
    return {
      ...counted,
      outcome: 'failed',
      observed: `${type} values, which have no ${rule.method} distance. Use psi, chi_squared or jensen_shannon`,
    };
  const { statistic, pValue } = distance;
  return {
    ...counted,
    outcome: statistic <= max ? 'passed' : 'failed',
    ...(Number.isFinite(statistic) ? { statistic } : {}),
    ...(pValue === undefined ? {} : { pValue }),
    observed: `${figure(statistic)}${pValue === undefined ? '' : ` (p ${figure(pValue)})`}, ${n} values against ${nReference}`,
  };
}

interface Distance {
  readonly statistic: number;
  readonly pValue?: number;
}

async function measure(
  database: DuckDb,
  method: Method,
  type: Column['type'],
  samples: { readonly current: Sample; readonly reference: Sample },
): Promise<Distance | undefined> {
  if (method === 'ks' || method === 'wasserstein') {
    if (type === 'string') return undefined;
    const found = await cumulativeDistances(database, type, samples);
    return method === 'ks'
      ? kolmogorovSmirnovResult(found.n, found.nReference, found.greatestProduct)
      : { statistic: inDeviations(found.wasserstein, found.standardDeviation ?? 0) };
  }
  const { reference, current } = await countBins(database, type, samples);
  if (method === 'psi') return { statistic: populationStabilityIndex(reference, current) };
  if (method === 'jensen_shannon') return { statistic: jensenShannonDivergence(reference, current) };
  const { statistic, pValue } = chiSquaredTest(reference, current);
  // Cramér's V = √(χ² / (n·min(rows − 1, columns − 1))); there are two rows.
  const rows = [...reference, ...current].reduce((sum, count) => sum + count, 0);
  return { statistic: rows === 0 ? 0 : Math.sqrt(statistic / rows), pValue };
}

/** A reference of one value only has no deviation: any other value is infinitely far from it. */
const inDeviations = (distance: number, deviation: number): number =>
  distance === 0 ? 0 : distance / deviation;

const figure = (value: number): string => String(Number(value.toPrecision(3)));
