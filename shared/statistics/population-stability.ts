/** Added to every count, so that an empty bin has a finite logarithm (Jeffreys' prior for shares). */
const smoothing = 0.5;

/**
 * Population stability index between two samples counted over the same bins: Σ (w − r)·ln(w / r) over the bins' shares, with
 * counts smoothed. 0 for equal counts, never negative, symmetric. Without any drift it is about
 * (1/rows of one + 1/rows of the other)·(bins − 1), which is why few rows need few bins (Yurdakul 2018, Statistical properties
 * of population stability index). Credit scoring takes 0.1 for a small and 0.2 for a large shift (Siddiqi 2006).
 */
export function populationStabilityIndex(reference: readonly number[], window: readonly number[]): number {
  const referenceShares = smoothedShares(reference);
  const windowShares = smoothedShares(window);
  return referenceShares.reduce((sum, expected, bin) => {
    const actual = windowShares[bin]!;
    return sum + (actual - expected) * Math.log(actual / expected);
  }, 0);
}

function smoothedShares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count + smoothing, 0);
  return counts.map((count) => (count + smoothing) / total);
}
