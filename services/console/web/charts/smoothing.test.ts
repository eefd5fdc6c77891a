import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { smoothed } from './smoothing.ts';

it('begins with the first value, whatever the weight', () => {
  expect(smoothed([5, 1], 0.9)[0]).toBeCloseTo(5, 12);
});

it('follows the formula', () => {
  // By hand: s_1 = 0.5, s_2 = 1.25, s_3 = 2.125; divided by 0.5, 0.75, 0.875.
  const [first, second, third] = smoothed([1, 2, 3], 0.5);
  expect(first).toBeCloseTo(1, 12);
  expect(second).toBeCloseTo(1.25 / 0.75, 12);
  expect(third).toBeCloseTo(2.125 / 0.875, 12);
});

it('leaves values as they are when nothing is smoothed', () => {
  expect(smoothed([3, 1, 2], 0)).toEqual([3, 1, 2]);
});

it('goes on after a value that is not finite as if it had not been', () => {
  const [first, gap, second] = smoothed([1, Number.NaN, 2], 0.5);
  expect(gap).toBeNaN();
  expect([first, second]).toEqual(smoothed([1, 2], 0.5));
});

it('stays between the least and the greatest value', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 0.99, noNaN: true }), (of, weight) => {
      const slack = 1e-6;
      for (const value of smoothed(of, weight)) {
        expect(value).toBeGreaterThanOrEqual(Math.min(...of) - slack);
        expect(value).toBeLessThanOrEqual(Math.max(...of) + slack);
      }
    }),
  );
});
