import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extentOf, linearScale, logScale, timeScale } from './scale.ts';

const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });

describe('a linear scale', () => {
  it('puts the ends of the domain at the ends of the range', () => {
    const scale = linearScale([2, 4], [100, 0]);
    expect([scale(2), scale(3), scale(4)]).toEqual([100, 50, 0]);
  });

  it('has round ticks without the dust of floating point', () => {
    expect(linearScale([0, 1], [0, 1]).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearScale([-30, 1170], [0, 1]).ticks).toEqual([0, 500, 1000]);
    expect(linearScale([0.0011, 0.0019], [0, 1]).ticks).toEqual([0.0012, 0.0014, 0.0016, 0.0018]);
  });

  it('widens a domain of one value, and its picture is in the middle', () => {
    expect(linearScale([3, 3], [0, 100])(3)).toBe(50);
    expect(linearScale([0, 0], [0, 100])(0)).toBe(50);
  });

  it('finds back what it placed', () => {
    fc.assert(
      fc.property(finite, finite, (from, value) => {
        const scale = linearScale([from, from + 1000], [0, 640]);
        expect(scale.invert(scale(value))).toBeCloseTo(value, 2);
      }),
    );
  });

  it('has ticks inside of the domain only, from the least to the greatest', () => {
    fc.assert(
      fc.property(finite, fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (from, length) => {
        const { ticks } = linearScale([from, from + length], [0, 1]);
        for (const [index, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(from - length * 1e-6);
          expect(tick).toBeLessThanOrEqual(from + length * (1 + 1e-6));
          if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1]!);
        }
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe('a logarithmic scale', () => {
  it('has equal distances for equal ratios', () => {
    const scale = logScale([0.01, 100], [0, 400]);
    expect([scale(0.1), scale(1), scale(10)].map(Math.round)).toEqual([100, 200, 300]);
    expect(scale.invert(300)).toBeCloseTo(10, 9);
  });

  it('has powers of ten as ticks, fewer where there are many and more where there are few', () => {
    expect(logScale([0.01, 100], [0, 1]).ticks).toEqual([0.01, 0.1, 1, 10, 100]);
    expect(logScale([1e-12, 1e3], [0, 1]).ticks).toEqual([1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3]);
    expect(logScale([1, 90], [0, 1]).ticks).toEqual([1, 2, 5, 10, 20, 50]);
    expect(logScale([1.1, 2.4], [0, 1]).ticks).toEqual([1.5, 2]);
  });

  it('draws no zero and nothing below', () => {
    const scale = logScale([1, 10], [0, 100]);
    expect(Number.isFinite(scale(0))).toBe(false);
    expect(Number.isFinite(scale(-1))).toBe(false);
  });
});

describe('a time scale', () => {
  const hour = 3_600_000;

  it('has ticks at whole hours of the local day', () => {
    // Half past five ahead of UTC, as India is.
    const offset = 5.5 * hour;
    const { ticks } = timeScale([0, 10 * hour], [0, 1], offset);
    expect(ticks.map((tick) => ((tick + offset) / hour) % 2)).toEqual([0, 0, 0, 0, 0]);
  });

  it('has seconds where little time passed, and years where much did', () => {
    expect(timeScale([0, 4000], [0, 1], 0).ticks).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(timeScale([0, 20 * 365 * 24 * hour], [0, 1], 0).ticks.length).toBeGreaterThan(2);
  });

  it('can show a single moment', () => {
    expect(timeScale([7, 7], [0, 100], 0)(7)).toBe(0);
  });
});

it('the extent leaves out what is not finite, and is something even of nothing', () => {
  expect(extentOf([Number.NaN, 3, Number.POSITIVE_INFINITY, -1])).toEqual([-1, 3]);
  expect(extentOf([])).toEqual([0, 1]);
});
