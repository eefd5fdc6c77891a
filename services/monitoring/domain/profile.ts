import { chiSquaredTest } from '#shared/statistics/chi-squared.ts';
import { kolmogorovSmirnovTest, type TestResult } from '#shared/statistics/kolmogorov-smirnov.ts';
import { populationStabilityIndex } from '#shared/statistics/population-stability.ts';
import {
  affordableBins,
  type Binning,
  binningOf,
  categoryBinning,
  coarsen,
  countBins,
  numberBinning,
  type Value,
} from './binning.ts';

/** Counts of one column over its bins. */
export interface BinnedColumn {
  readonly binning: Binning;
  readonly counts: readonly number[];
}

/** One column of the reference. Numbers are kept, sorted, missing ones first, for the Kolmogorov-Smirnov test. */
export interface ColumnProfile extends BinnedColumn {
  readonly name: string;
  readonly sorted?: readonly (number | null)[];
}

/** What a model version was trained on and what it predicted for rows it had not seen. */
export interface ReferenceProfile {
  readonly schemaVersion: 1;
  readonly project: string;
  readonly modelVersion: number;
  /** Rows of the training set; the columns hold a sample of at most `sampleRows` of them. */
  readonly trainingRows: number;
  readonly features: readonly ColumnProfile[];
  /** Absent where nobody let the version predict held-out rows: then its predictions are not compared. */
  readonly prediction?: ColumnProfile;
}

const maxSampleRows = 5000;
const minSampleRows = 500;
/** Bounds the profile's size: about 20 MB of JSON. */
const maxSampleValues = 2_000_000;

/** How many rows of so many columns a sample holds. At 5,000 rows sampling adds about 0.004 to an index over ten bins. */
export function sampleRows(columns: number): number {
  return Math.min(maxSampleRows, Math.max(minSampleRows, Math.floor(maxSampleValues / Math.max(columns, 1))));
}

export function profileFeature(name: string, values: readonly Value[]): ColumnProfile {
  return profileOf(name, binningOf(values), values);
}

/** Classes are counted by name; numbers by quantiles even where there are few, because live predictions may be rounded otherwise. */
export function profilePrediction(values: readonly Value[]): ColumnProfile {
  const areClasses = values.some((value) => typeof value === 'string');
  return profileOf('prediction', areClasses ? categoryBinning(values) : numberBinning(values), values);
}

function profileOf(name: string, binning: Binning, values: readonly Value[]): ColumnProfile {
  const counted = { name, binning, counts: countBins(binning, values) };
  return binning.kind === 'number' ? { ...counted, sorted: sortValues(values) } : counted;
}

/** Missing values first: the test takes them for less than every number, so that a change in how many are missing is seen. */
function sortValues(values: readonly Value[]): (number | null)[] {
  return values
    .map((value) => (typeof value === 'number' ? value : null))
    .sort((a, b) => orderOf(a) - orderOf(b) || 0);
}
const orderOf = (value: number | null): number => value ?? Number.NEGATIVE_INFINITY;

/** The index over as many bins as both samples bear; both counted over all bins of the reference. */
export function stabilityOf(reference: BinnedColumn, windowCounts: readonly number[]): number {
  const [ours, theirs] = comparable(reference, windowCounts);
  return populationStabilityIndex(ours, theirs);
}

export interface Comparison extends TestResult {
  readonly psi: number;
  readonly test: 'kolmogorov_smirnov' | 'chi_squared';
}

/** Compares the values of a window, at least one, with a column of the reference. */
export function compareColumn(reference: ColumnProfile, values: readonly Value[]): Comparison {
  const windowCounts = countBins(reference.binning, values);
  const psi = stabilityOf(reference, windowCounts);
  if (reference.sorted === undefined || reference.sorted.length === 0) {
    return { psi, test: 'chi_squared', ...chiSquaredTest(...comparable(reference, windowCounts)) };
  }
  const result = kolmogorovSmirnovTest(reference.sorted.map(orderOf), sortValues(values).map(orderOf));
  return { psi, test: 'kolmogorov_smirnov', ...result };
}

function comparable(reference: BinnedColumn, windowCounts: readonly number[]): [number[], number[]] {
  const { binning, counts } = reference;
  const bins = affordableBins(rowsOf(counts), rowsOf(windowCounts));
  const ours = coarsen(binning, counts, bins);
  const theirs = coarsen(binning, windowCounts, bins);
  const used = ours.map((count, bin) => count + theirs[bin]! > 0);
  return [ours.filter((_count, bin) => used[bin]), theirs.filter((_count, bin) => used[bin])];
}

const rowsOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
