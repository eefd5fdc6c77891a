import type * as z from 'zod';
import { populationStabilityIndex } from '#shared/statistics/population-stability.ts';
import type { ColumnProfile, DatasetProfile, profileChange } from '../contract.ts';

export type ProfileChange = z.infer<typeof profileChange>;

/** From this index on a column has moved (Siddiqi 2006 calls the shift large). */
const minMovedPsi = 0.2;
/** So much may the share of missing values change. */
const maxMissingChange = 0.05;
/** Rows that a bin of the comparison must have on average: with fewer the index is noise. */
const rowsPerBin = 20;
const maxBins = 10;

/** How each column moved since an older version, in the order of the newer profile; removed ones last. */
export function compareProfiles(newer: DatasetProfile, older: DatasetProfile): ProfileChange[] {
  const before = new Map(older.columns.map((column) => [column.name, column]));
  const now = new Set(newer.columns.map(({ name }) => name));
  return [
    ...newer.columns.map((column) => {
      const old = before.get(column.name);
      return old
        ? compareColumn(column, old)
        : { name: column.name, change: 'added' as const, ...sideOf(column) };
    }),
    ...older.columns
      .filter(({ name }) => !now.has(name))
      .map((column) => ({ name: column.name, change: 'removed' as const, ...beforeOf(column) })),
  ];
}

function compareColumn(column: ColumnProfile, old: ColumnProfile): ProfileChange {
  const sides = { name: column.name, ...beforeOf(old), ...sideOf(column) };
  if (kindOf(column) !== kindOf(old)) return { ...sides, change: 'retyped' };
  const psi = psiOf(column, old);
  const missingChange = Math.abs((missingShare(column) ?? 0) - (missingShare(old) ?? 0));
  const isMoved = (psi ?? 0) > minMovedPsi || missingChange > maxMissingChange;
  return { ...sides, change: isMoved ? 'moved' : 'same', ...(psi === undefined ? {} : { psi }) };
}

/** Integers that became fractions are still the same numbers to a histogram. */
const kindOf = ({ type }: ColumnProfile): string => (type === 'integer' ? 'number' : type);

const missingShare = ({ values, missing }: ColumnProfile): number | undefined =>
  values + missing === 0 ? undefined : missing / (values + missing);

function sideOf(column: ColumnProfile): Pick<ProfileChange, 'missingShare' | 'mean'> {
  const share = missingShare(column);
  return {
    ...(share === undefined ? {} : { missingShare: share }),
    ...(column.mean === undefined ? {} : { mean: column.mean }),
  };
}

function beforeOf(column: ColumnProfile): Pick<ProfileChange, 'missingShareBefore' | 'meanBefore'> {
  const { missingShare: share, mean } = sideOf(column);
  return {
    ...(share === undefined ? {} : { missingShareBefore: share }),
    ...(mean === undefined ? {} : { meanBefore: mean }),
  };
}

/**
 * Population stability index of what two profiles say. Numbers and times: over at most ten groups of the older histogram's bins
 * with about the same number of rows; the newer histogram's counts are spread evenly within its bins. Others: over the older
 * top values, and one bin for all others. Undefined where a side has no values, or is masked.
 */
function psiOf(column: ColumnProfile, old: ColumnProfile): number | undefined {
  if (column.values === 0 || old.values === 0) return undefined;
  const bins = Math.max(2, Math.min(maxBins, Math.floor(Math.min(column.values, old.values) / rowsPerBin)));
  if (column.histogram && old.histogram && !isFewValued(old)) {
    const edges = groupedEdges(old.histogram, bins);
    return populationStabilityIndex(countWithin(old.histogram, edges), countWithin(column.histogram, edges));
  }
  if (!column.topValues || !old.topValues) return undefined;
  const named = old.topValues.slice(0, bins).map(({ value }) => value);
  return populationStabilityIndex(countNamed(old, named), countNamed(column, named));
}

/** Numbers whose values are all listed are compared value by value. */
const isFewValued = ({ topValues, distinct }: ColumnProfile): boolean => topValues?.length === distinct;

type Histogram = NonNullable<ColumnProfile['histogram']>;

/** Inner edges between groups of bins that have about as many rows each. */
function groupedEdges({ edges, counts }: Histogram, groups: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const chosen: number[] = [];
  let below = 0;
  for (const [bin, count] of counts.slice(0, -1).entries()) {
    below += count;
    if (count > 0 && below * groups >= (chosen.length + 1) * total && below < total)
      chosen.push(edges[bin + 1]!);
  }
  return chosen;
}

/** Rows up to each edge and beyond the last. */
function countWithin(histogram: Histogram, edges: readonly number[]): number[] {
  const upTo = [
    ...edges.map((edge) => countBelow(histogram, edge)),
    countBelow(histogram, Number.POSITIVE_INFINITY),
  ];
  return upTo.map((count, place) => count - (upTo[place - 1] ?? 0));
}

function countBelow({ edges, counts }: Histogram, limit: number): number {
  return counts.reduce((sum, count, bin) => {
    const [low, high] = [edges[bin]!, edges[bin + 1]!];
    if (high <= limit) return sum + count;
    return low >= limit ? sum : sum + (count * (limit - low)) / (high - low);
  }, 0);
}

function countNamed({ topValues, values }: ColumnProfile, named: readonly string[]): number[] {
  const counts = new Map(topValues!.map(({ value, count }) => [value, count]));
  const found = named.map((value) => counts.get(value) ?? 0);
  const others = values - found.reduce((sum, count) => sum + count, 0);
  return [...found, Math.max(0, others)];
}
