import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOf, nearestIndex, pathOf, placesOf } from './curve.ts';

const of = { id: 'a', label: 'a', ink: 0 };
const point = (step: number, timestampMs: number, value = step) => ({
  key: 'loss',
  step,
  timestampMs,
  value,
});
const plain = { xKind: 'step', smoothing: 0 } as const;

describe('a curve', () => {
  const points = [point(0, 5000), point(1, 9000), point(2, 7000)];

  it('lies over its steps, over the time since its first point, or over the time of day', () => {
    expect(curveOf(of, points, plain).xs).toEqual([0, 1, 2]);
    expect(curveOf(of, points, { ...plain, xKind: 'relative' }).xs).toEqual([0, 2000, 4000]);
    expect(curveOf(of, points, { ...plain, xKind: 'wall' }).xs).toEqual([5000, 7000, 9000]);
  });

  it('keeps each value with its place when time orders the points otherwise', () => {
    expect(curveOf(of, points, { ...plain, xKind: 'wall' }).ys).toEqual([0, 2, 1]);
  });

  it('keeps what was measured beside what is smoothed', () => {
    const curve = curveOf(of, points, { ...plain, smoothing: 0.5 });
    expect(curve.rawYs).toEqual([0, 1, 2]);
    expect(curve.ys).not.toEqual(curve.rawYs);
  });

  it('may have no point', () => {
    expect(curveOf(of, [], plain)).toMatchObject({ xs: [], ys: [] });
  });
});

describe('a path', () => {
  const same = (value: number) => value;

  it('is broken where a value cannot be drawn', () => {
    expect(pathOf([0, 1, 2, 3], [5, 6, Number.NaN, 7], same, same)).toBe('M0.0 5.0h0L1.0 6.0M3.0 7.0h0');
  });

  it('is broken where a logarithm cannot be drawn', () => {
    expect(pathOf([0, 1, 2], [1, 0, 10], same, Math.log10)).toBe('M0.0 0.0h0M2.0 1.0h0');
  });
});

it('the nearest place is found as looking at all of them finds it', () => {
  const places = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
  fc.assert(
    fc.property(places, fc.double({ min: -10, max: 1010, noNaN: true }), (some, x) => {
      const xs = some.toSorted((one, other) => one - other);
      const distance = Math.abs(xs[nearestIndex(xs, x)]! - x);
      expect(distance).toBe(Math.min(...xs.map((one) => Math.abs(one - x))));
    }),
  );
  expect(nearestIndex([], 3)).toBe(-1);
});

it('curves over different steps are read at all of them', () => {
  const curves = [curveOf(of, [point(0, 0), point(10, 1)], plain), curveOf(of, [point(5, 0)], plain)];
  expect(placesOf(curves)).toEqual([0, 5, 10]);
});
