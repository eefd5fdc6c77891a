export interface TestResult {
  readonly statistic: number;
  /** Probability of a statistic at least as large if both samples came from one distribution. */
  readonly pValue: number;
}

/** Up to this product of sample sizes the exact p-value takes some milliseconds; above it Stephens' approximation is good to about 0.3 %. */
const maxExactProduct = 2_000_000;

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided. Both samples sorted ascending, at least one value each; −Infinity is allowed.
 * Ties make the p-value conservative (too large).
 */
export function kolmogorovSmirnovTest(a: readonly number[], b: readonly number[]): TestResult {
  return kolmogorovSmirnovResult(a.length, b.length, greatestDistance(a, b));
}

/** The result for samples of n and m values whose distance is known already: greatest |i·m − j·n|, an integer. */
export function kolmogorovSmirnovResult(n: number, m: number, distance: number): TestResult {
  const statistic = distance / (n * m);
  return {
    statistic,
    pValue: n * m <= maxExactProduct ? exactPValue(n, m, distance) : stephensPValue(n, m, statistic),
  };
}

/** Greatest |i·m − j·n| where i of a's n and j of b's m values are at most x: the statistic times n·m, an integer. */
function greatestDistance(a: readonly number[], b: readonly number[]): number {
  let greatest = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    greatest = Math.max(greatest, Math.abs(i * b.length - j * a.length));
  }
  return greatest;
}

/**
 * Share of the paths from (0, 0) to (n, m) that reach the distance: the last step into (i, j) came from (i−1, j) with probability
 * i/(i+j) (Hodges 1958; Schröer and Trenkler 1995). It sums what lies outside, so that small values keep all their digits.
 */
function exactPValue(n: number, m: number, distance: number): number {
  const reached = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= distance) reached[j] = 1;
      else if (j > 0) reached[j] = (i * reached[j]! + j * reached[j - 1]!) / (i + j);
    }
  }
  return reached[m]!;
}

/** Kolmogorov's limit with Stephens' correction for finite samples (Stephens 1970, J. R. Stat. Soc. B 32). */
function stephensPValue(n: number, m: number, statistic: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  const lambda = (root + 0.12 + 0.11 / root) * statistic;
  // Below this the probability is 1 to 15 digits, and the alternating series converges too slowly.
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 40; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(Math.max(sum, 0), 1);
}
