import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTo, type ExactSum, sumValue } from './exact-sum.ts';

function sumOf(values: readonly number[]): ExactSum {
  const sum: ExactSum = [];
  for (const value of values) addTo(sum, value);
  return sum;
}
/** Doubles as whole numbers of 2^-60, which are exact. */
const scale = 2n ** 60n;
const double = fc
  .tuple(fc.integer(), fc.integer({ min: -40, max: 20 }))
  .map(([whole, power]) => whole * 2 ** power);
const scaled = (value: number): bigint => {
  const whole = Math.trunc(value);
  return BigInt(whole) * scale + BigInt((value - whole) * 2 ** 60);
};

describe('an exact sum', () => {
  it('is nearest to the true sum', () => {
    fc.assert(
      fc.property(fc.array(double, { maxLength: 60 }), (values) => {
        const exact = values.reduce((total, value) => total + scaled(value), 0n);
        const given = sumValue(sumOf(values));
        const distance = (value: number) => {
          const off = scaled(value) - exact;
          return off < 0n ? -off : off;
        };
        const ulp = Math.max(2 ** (Math.floor(Math.log2(Math.abs(given) || 1)) - 52), 2 ** -60);
        for (const other of [given - ulp, given + ulp]) expect(distance(given) <= distance(other)).toBe(true);
      }),
    );
  });

  it('has the same value in any order', () => {
    const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
    const values = fc.array(finite, { maxLength: 30 });
    fc.assert(
      fc.property(
        values.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(sumValue(sumOf(shuffled))).toBe(sumValue(sumOf(all)));
        },
      ),
    );
  });

  it('says so when it leaves the range of doubles', () => {
    expect(sumValue(sumOf([1e308, 1e308, -1e308]))).toBe(Number.POSITIVE_INFINITY);
  });
});
