import type { BinnedMatrix } from './binned-matrix.ts';

/** What decides whether and where a node splits (XGBoost's parameters of the same names). */
export interface SplitParams {
  readonly lambda: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly minChildWeight: number;
}

/** The best way to split a node. */
export interface Split {
  readonly feature: number;
  /** Rows in this bin or a lower one go left; -1 when only missing ones do. */
  readonly bin: number;
  /** Rows with a value less than this go left. */
  readonly condition: number;
  readonly defaultLeft: boolean;
  readonly lossChange: number;
  readonly leftGradient: number;
  readonly leftHessian: number;
}

/** Condition of a split that sends every present value right. */
const LEAST_FLOAT = -3.4028234663852886e38;
/** Smallest gain that XGBoost takes for a gain (kRtEps). */
const MIN_GAIN = 1e-6;

/** Optimal weight of a leaf: -T(G)/(H+lambda), T shrinking by alpha (Chen & Guestrin 2016, eq. 5, with XGBoost's L1 term). */
export function leafWeight(gradient: number, hessian: number, params: SplitParams): number {
  if (hessian < params.minChildWeight || hessian <= 0) return 0;
  return -shrink(gradient, params.alpha) / (hessian + params.lambda);
}

/** Twice the loss that the optimal weight of a leaf takes away (eq. 6). */
function leafGain(gradient: number, hessian: number, params: SplitParams): number {
  if (hessian < params.minChildWeight || hessian <= 0) return 0;
  const shrunk = shrink(gradient, params.alpha);
  return (shrunk * shrunk) / (hessian + params.lambda);
}

function shrink(gradient: number, alpha: number): number {
  if (gradient > alpha) return gradient - alpha;
  return gradient < -alpha ? gradient + alpha : 0;
}

/**
 * Best split of a node over `features`: values ascending with missing ones right and, where the node has missing values,
 * descending with missing ones left. Of equal gains the first wins, so the result does not depend on chance.
 * @returns undefined when no split gains more than `gamma` with both children heavy enough.
 */
export function findSplit(
  histogram: Float64Array,
  matrix: BinnedMatrix,
  features: Int32Array,
  gradient: number,
  hessian: number,
  params: SplitParams,
): Split | undefined {
  const parentGain = leafGain(gradient, hessian, params);
  let best: Split | undefined;
  let bestGain = Math.max(MIN_GAIN, params.gamma);
  for (const feature of features) {
    const scan = (missingLeft: boolean): void => {
      const found = scanFeature(
        histogram,
        matrix,
        feature,
        gradient,
        hessian,
        params,
        parentGain,
        bestGain,
        missingLeft,
      );
      if (found === undefined) return;
      best = found;
      bestGain = found.lossChange;
    };
    scan(false);
    if (missingHessian(histogram, matrix, feature) > 0) scan(true);
  }
  return best;
}

function missingHessian(histogram: Float64Array, matrix: BinnedMatrix, feature: number): number {
  if (matrix.hasMissing[feature] === 0) return 0;
  // Differences of histograms leave rounding dust in slots that are empty.
  const hessian = histogram[2 * (matrix.slotStarts[feature + 1] as number) - 1] as number;
  return hessian > 1e-10 ? hessian : 0;
}

function scanFeature(
  histogram: Float64Array,
  matrix: BinnedMatrix,
  feature: number,
  gradient: number,
  hessian: number,
  params: SplitParams,
  parentGain: number,
  gainToBeat: number,
  missingLeft: boolean,
): Split | undefined {
  const ends = matrix.cuts[feature] as Float32Array;
  const slot = matrix.slotStarts[feature] as number;
  const { lambda, alpha, minChildWeight } = params;
  let leftGradient = missingLeft ? (histogram[2 * (slot + ends.length)] as number) : 0;
  let leftHessian = missingLeft ? (histogram[2 * (slot + ends.length) + 1] as number) : 0;
  let best = gainToBeat;
  let bestBin = -2;
  let bestGradient = 0;
  let bestHessian = 0;
  // With missing values left, "only missing ones left" comes first; with them right, the last bin is "only missing ones right".
  for (let bin = missingLeft ? -1 : 0; bin < ends.length; bin++) {
    if (bin >= 0) {
      leftGradient += histogram[2 * (slot + bin)] as number;
      leftHessian += histogram[2 * (slot + bin) + 1] as number;
    }
    const rightHessian = hessian - leftHessian;
    if (leftHessian < minChildWeight || leftHessian <= 1e-10) continue;
    if (rightHessian < minChildWeight || rightHessian <= 1e-10) break;
    const left = shrink(leftGradient, alpha);
    const right = shrink(gradient - leftGradient, alpha);
    const gain =
      (left * left) / (leftHessian + lambda) + (right * right) / (rightHessian + lambda) - parentGain;
    if (gain > best) {
      best = gain;
      bestBin = bin;
      bestGradient = leftGradient;
      bestHessian = leftHessian;
    }
  }
  if (bestBin === -2) return undefined;
  return {
    feature,
    bin: bestBin,
    condition: bestBin >= 0 ? (ends[bestBin] as number) : LEAST_FLOAT,
    defaultLeft: missingLeft,
    lossChange: best,
    leftGradient: bestGradient,
    leftHessian: bestHessian,
  };
}
