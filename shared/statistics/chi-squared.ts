import type { TestResult } from './kolmogorov-smirnov.ts';

/**
 * Pearson's chi-squared test of homogeneity: whether two samples, counted over the same bins, come from one distribution. Bins
 * that are empty in both say nothing and are left out; no continuity correction. With fewer than two bins the p-value is 1.
 */
export function chiSquaredTest(reference: readonly number[], window: readonly number[]): TestResult {
  const used = Array.from(reference.keys()).filter((bin) => reference[bin]! + window[bin]! > 0);
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const totals = [total(reference), total(window)] as const;
  if (used.length < 2 || totals.includes(0)) return { statistic: 0, pValue: 1 };
  let statistic = 0;
  for (const bin of used) {
    const share = (reference[bin]! + window[bin]!) / (totals[0] + totals[1]);
    for (const [observed, rows] of [
      [reference[bin]!, totals[0]],
      [window[bin]!, totals[1]],
    ] as const)
      statistic += (observed - share * rows) ** 2 / (share * rows);
  }
  return { statistic, pValue: chiSquaredUpperTail(statistic, used.length - 1) };
}

/** Probability that a chi-squared variable with `degrees` degrees of freedom (1, 2, …) is at least `statistic`. */
export function chiSquaredUpperTail(statistic: number, degrees: number): number {
  return regularizedUpperGamma(degrees / 2, statistic / 2);
}

const maxTerms = 10_000;
const precision = 1e-16;

/**
 * Q(a, x) = Γ(a, x) / Γ(a) for a = ½, 1, 1½, …: by the series of its complement where that loses no digits, else by the continued
 * fraction with Lentz's method (Abramowitz and Stegun 6.5.29 and 6.5.31).
 */
function regularizedUpperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGammaOfHalves(a));
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < maxTerms && term > sum * precision; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < maxTerms; k++) {
    const numerator = k * (a - k);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < precision) break;
  }
  return fraction;
}

/** ln Γ(a) for a = ½, 1, 1½, …, from Γ(½) = √π, Γ(1) = 1 and Γ(a + 1) = a·Γ(a). */
function logGammaOfHalves(a: number): number {
  let sum = Number.isInteger(a) ? 0 : Math.log(Math.PI) / 2;
  for (let k = Number.isInteger(a) ? 1 : 0.5; k < a; k++) sum += Math.log(k);
  return sum;
}
