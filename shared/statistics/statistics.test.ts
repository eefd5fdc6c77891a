import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquaredTest, chiSquaredUpperTail } from './chi-squared.ts';
import { kolmogorovSmirnovTest } from './kolmogorov-smirnov.ts';
import { populationStabilityIndex } from './population-stability.ts';

/** Repeatable values in [0, 1) without ties: (i·a + b mod m) / m. */
const sequence = (length: number, a: number, b: number, m: number): number[] =>
  Array.from({ length }, (_none, i) => ((i * a + b) % m) / m);
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const samples = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 });
const counts = fc.array(fc.nat({ max: 1000 }), { minLength: 2, maxLength: 12 });
const twoCounts = counts.chain((ours) =>
  fc.tuple(
    fc.constant(ours),
    fc.array(fc.nat({ max: 1000 }), { minLength: ours.length, maxLength: ours.length }),
  ),
);

// Expected values of both tests: scipy 1.17.1 (ks_2samp, chi2.sf, chi2_contingency with correction=False).
describe('the Kolmogorov-Smirnov test', () => {
  it.each([
    ['few values', [1, 2, 3, 4, 5], [3.5, 4.5, 5.5, 6.5], 0.6, 0.2857142857142857],
    [
      'like samples',
      sequence(50, 37, 5, 101),
      sequence(60, 29, 3, 97).map((v) => v * 1.1 + 0.03),
      0.13333333333333333,
      0.665697742904242,
    ],
    [
      'a shift, with a p-value far below the machine epsilon',
      sequence(200, 37, 5, 1009),
      sequence(300, 29, 3, 997).map((v) => v + 0.5),
      0.525,
      1.0313614695329827e-30,
    ],
    [
      'a great shift',
      sequence(210, 37, 5, 1009),
      sequence(100, 29, 3, 997).map((v) => v + 0.9),
      0.9142857142857143,
      2.2494461145840223e-62,
    ],
    [
      'a thousand values',
      sequence(1000, 377, 5, 10007),
      sequence(1200, 293, 3, 9973).map((v) => v * 1.05),
      0.0515,
      0.10684942234131685,
    ],
  ])('gives the exact p-value of scipy for %s', (_what, a, b, statistic, pValue) => {
    const result = kolmogorovSmirnovTest(sorted(a), sorted(b));
    expect(result.statistic).toBeCloseTo(statistic, 14);
    expect(result.pValue / pValue).toBeCloseTo(1, 10);
  });

  it('comes within half a percent of the exact p-value for samples too large to count paths', () => {
    const result = kolmogorovSmirnovTest(
      sorted(sequence(5000, 3779, 5, 10007)),
      sorted(sequence(4000, 2939, 3, 9973).map((v) => v * 1.03)),
    );
    expect(result.statistic).toBeCloseTo(0.02925, 14);
    expect(Math.abs(result.pValue / 0.043780430063762144 - 1)).toBeLessThan(0.005);
  });

  it('says 1 for two large samples that are equal', () => {
    const values = sorted(sequence(5000, 3779, 5, 10007));
    expect(kolmogorovSmirnovTest(values, values)).toEqual({ statistic: 0, pValue: 1 });
  });

  it('is symmetric, and its statistic and p-value lie between 0 and 1', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const ab = kolmogorovSmirnovTest(sorted(a), sorted(b));
        const ba = kolmogorovSmirnovTest(sorted(b), sorted(a));
        expect(ab.statistic).toBeCloseTo(ba.statistic, 12);
        expect(ab.pValue).toBeCloseTo(ba.pValue, 12);
        expect(ab.statistic).toBeGreaterThanOrEqual(0);
        expect(ab.statistic).toBeLessThanOrEqual(1);
        expect(ab.pValue).toBeGreaterThan(0);
        expect(ab.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('takes a sample for like itself, whatever its ties', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const own = sorted(values);
        expect(kolmogorovSmirnovTest(own, own)).toEqual({ statistic: 0, pValue: 1 });
      }),
    );
  });
});

describe('the chi-squared test', () => {
  it.each([
    [3.84, 1, 0.05004352124870519],
    [0.5, 1, 0.47950012218695337],
    [100, 1, 1.5239706048320995e-23],
    [2, 2, 0.36787944117144245],
    [30, 9, 0.00043872177097947936],
    [700, 5, 4.911986103573117e-149],
    [0.001, 4, 0.9999998750416589],
    [9.9, 10, 0.4493100747596521],
    [1500, 19, 4.4206865470539e-307],
  ])('has the upper tail of scipy at %f with %i degrees of freedom', (statistic, degrees, pValue) => {
    expect(chiSquaredUpperTail(statistic, degrees) / pValue).toBeCloseTo(1, 12);
  });

  it.each([
    [[30, 40, 20, 10], [10, 35, 30, 25], 18.761904761904763, 0.00030620498372432614],
    [[50, 50], [10, 90], 38.095238095238095, 6.73743601893275e-10],
  ])('compares %j with %j as scipy does', (reference, window, statistic, pValue) => {
    const result = chiSquaredTest(reference, window);
    expect(result.statistic).toBeCloseTo(statistic, 12);
    expect(result.pValue / pValue).toBeCloseTo(1, 12);
  });

  it('leaves out bins that are empty in both, and says 1 where nothing can differ', () => {
    expect(chiSquaredTest([50, 0, 50], [10, 0, 90])).toEqual(chiSquaredTest([50, 50], [10, 90]));
    expect(chiSquaredTest([7, 0], [9, 0]).pValue).toBe(1);
    expect(chiSquaredTest([7, 3], [0, 0]).pValue).toBe(1);
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(twoCounts, ([a, b]) => {
        expect(chiSquaredTest(a, b).pValue).toBeCloseTo(chiSquaredTest(b, a).pValue, 10);
      }),
    );
  });
});

describe('the population stability index', () => {
  it('is what the formula gives: (0.2 − 0.5)·ln(0.2 / 0.5) + (0.8 − 0.5)·ln(0.8 / 0.5), but for smoothing', () => {
    expect(populationStabilityIndex([5000, 5000], [2000, 8000])).toBeCloseTo(0.4159, 3);
  });

  it('is finite where a bin is empty on one side', () => {
    expect(populationStabilityIndex([100, 0], [0, 100])).toBeGreaterThan(5);
    expect(populationStabilityIndex([100, 0], [0, 100])).toBeLessThan(20);
  });

  it('is never negative, zero for equal counts, symmetric, and blind to the order of bins', () => {
    fc.assert(
      fc.property(twoCounts, ([a, b]) => {
        const psi = populationStabilityIndex(a, b);
        expect(psi).toBeGreaterThanOrEqual(0);
        expect(populationStabilityIndex(a, a)).toBe(0);
        expect(populationStabilityIndex(b, a)).toBeCloseTo(psi, 10);
        expect(populationStabilityIndex([...a].reverse(), [...b].reverse())).toBeCloseTo(psi, 10);
      }),
    );
  });
});
