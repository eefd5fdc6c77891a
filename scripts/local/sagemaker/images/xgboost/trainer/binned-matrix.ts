import type { Dataset } from './dataset.ts';
import { sortedOrder } from './sorted-order.ts';

/** Features cut into bins; what the histogram method works on. */
export interface BinnedMatrix {
  readonly rowCount: number;
  readonly featureCount: number;
  /** Row-major bin of each value within its feature. Missing values have the bin after the last one. */
  readonly bins: Uint8Array | Uint16Array;
  /** First histogram slot of each feature; the last entry is the number of slots. */
  readonly slotStarts: Int32Array;
  /** Upper ends of the bins of each feature, ascending; a value lies in the first bin whose end is greater. */
  readonly cuts: readonly Float32Array[];
  /** 1 where a feature has missing values, and so a slot for them. */
  readonly hasMissing: Uint8Array;
}

/**
 * Cuts every feature into at most `maxBin` bins of about equal weight. A feature with no more distinct values than bins
 * gets one bin per value, as XGBoost's `hist` does, which is why small data sets give the same splits there and here.
 *
 * @param rowWeights weight of each row in the quantiles: instance weights, or second derivatives for `approx`.
 */
export function binDataset(dataset: Dataset, maxBin: number, rowWeights?: Float32Array): BinnedMatrix {
  const { rowCount, featureCount, values } = dataset;
  const cuts: Float32Array[] = [];
  const hasMissing = new Uint8Array(featureCount);
  const slotStarts = new Int32Array(featureCount + 1);
  const columns: Uint16Array[] = [];
  for (let feature = 0; feature < featureCount; feature++) {
    const column = new Float32Array(rowCount);
    for (let row = 0; row < rowCount; row++) column[row] = values[row * featureCount + feature] as number;
    const order = sortedOrder(column);
    const present = presentCount(column, order);
    const ends = cutPoints(column, order.subarray(0, present), maxBin, rowWeights);
    cuts.push(ends);
    hasMissing[feature] = present < rowCount ? 1 : 0;
    slotStarts[feature + 1] = (slotStarts[feature] as number) + ends.length + (hasMissing[feature] as number);
    columns.push(binColumn(column, order, present, ends));
  }
  return { rowCount, featureCount, bins: interleave(columns, rowCount), slotStarts, cuts, hasMissing };
}

function presentCount(column: Float32Array, order: Uint32Array): number {
  let present = order.length;
  while (present > 0 && Number.isNaN(column[order[present - 1] as number])) present--;
  return present;
}

function cutPoints(
  column: Float32Array,
  order: Uint32Array,
  maxBin: number,
  rowWeights: Float32Array | undefined,
): Float32Array {
  const distinct: number[] = [];
  const weightBelow: number[] = [];
  let total = 0;
  for (const row of order) {
    const value = column[row] as number;
    if (distinct.length === 0 || value !== distinct[distinct.length - 1]) {
      distinct.push(value);
      weightBelow.push(total);
    }
    total += rowWeights === undefined ? 1 : (rowWeights[row] as number);
  }
  if (distinct.length === 0) return new Float32Array(0);
  const greatest = distinct[distinct.length - 1] as number;
  const inner =
    distinct.length <= maxBin ? distinct.slice(1) : quantiles(distinct, weightBelow, total, maxBin);
  // The last end lies above every value, so that "all present values left, missing ones right" is a split too.
  return Float32Array.from([...inner, greatest + Math.abs(greatest) + 1e-5]);
}

/** The distinct values at which the weight below first reaches 1/maxBin, 2/maxBin… of the total. */
function quantiles(
  distinct: readonly number[],
  weightBelow: readonly number[],
  total: number,
  maxBin: number,
): number[] {
  const ends: number[] = [];
  for (let i = 1; i < distinct.length && ends.length < maxBin - 1; i++) {
    if ((weightBelow[i] as number) * maxBin >= (ends.length + 1) * total) ends.push(distinct[i] as number);
  }
  return ends;
}

function binColumn(
  column: Float32Array,
  order: Uint32Array,
  present: number,
  ends: Float32Array,
): Uint16Array {
  const bins = new Uint16Array(column.length).fill(ends.length);
  let bin = 0;
  for (let i = 0; i < present; i++) {
    const row = order[i] as number;
    while ((column[row] as number) >= (ends[bin] as number)) bin++;
    bins[row] = bin;
  }
  return bins;
}

/** Row-major, in bytes where they suffice: the histogram loop is bound by memory. */
function interleave(columns: readonly Uint16Array[], rowCount: number): Uint8Array | Uint16Array {
  const wide = columns.some((column) => column.some((bin) => bin > 255));
  const size = columns.length * rowCount;
  const bins = wide ? new Uint16Array(size) : new Uint8Array(size);
  columns.forEach((column, feature) => {
    for (let row = 0; row < rowCount; row++) bins[row * columns.length + feature] = column[row] as number;
  });
  return bins;
}
