import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byStep, byTime, distinctPoints, sampled, storableValue, withPoints } from './metrics.ts';
import type { LoggedMetric } from './run.ts';

const point = (value: number, step: number, timestamp = 0, key = 'm'): LoggedMetric => ({
  key,
  value,
  timestamp,
  step,
});

/** Few values, so that steps, times and values are often the same. */
const anyPoint = fc.record({
  key: fc.constantFrom('a', 'b', '__proto__'),
  value: fc.oneof(fc.constantFrom(Number.NaN, 0, -0, 1, -1, 2), fc.double({ noDefaultInfinity: true })),
  timestamp: fc.integer({ min: 0, max: 3 }),
  step: fc.integer({ min: -2, max: 2 }),
});

describe('the latest value of a metric', () => {
  it('is the one of the greatest step, then time, then value', () => {
    const { m } = withPoints({}, [point(9, -5), point(1, 3, 1), point(2, 3, 1), point(8, 3, 0), point(7, 2)]);
    expect(m).toEqual([2, 1, 3]);
  });

  it('stays where the same was logged again', () => {
    const before = withPoints({}, [point(1, 1)]);
    expect(withPoints(before, [point(1, 1), point(0, 1), point(5, 0)])).toBe(before);
  });

  it('counts NaN as 0, and is stored as null', () => {
    expect(withPoints({}, [point(Number.NaN, 1), point(-1, 1)])['m']).toEqual([null, 0, 1]);
    expect(withPoints({}, [point(Number.NaN, 1), point(0.1, 1)])['m']).toEqual([0.1, 0, 1]);
  });

  it('does not depend on how points are spread over calls', () => {
    const rank = ({ step, timestamp, value }: LoggedMetric) =>
      [step, timestamp, Number.isNaN(value) ? 0 : value] as const;
    fc.assert(
      fc.property(fc.array(fc.array(anyPoint, { maxLength: 5 }), { maxLength: 6 }), (calls) => {
        const latest = calls.reduce<ReturnType<typeof withPoints>>(withPoints, {});
        for (const key of ['a', 'b', '__proto__']) {
          const points = calls.flat().filter((each) => each.key === key);
          const best = points.reduce<LoggedMetric | undefined>((most, each) => {
            if (!most) return each;
            const [left, right] = [rank(most), rank(each)];
            const differing = left.findIndex((part, index) => part !== right[index]);
            return differing >= 0 && right[differing]! > left[differing]! ? each : most;
          }, undefined);
          const found = Object.hasOwn(latest, key) ? latest[key] : undefined;
          expect(found?.slice(1)).toEqual(best && [best.timestamp, best.step]);
          expect(found && (found[0] ?? 0)).toEqual(best && (Number.isNaN(best.value) ? 0 : best.value));
        }
      }),
    );
  });
});

describe('a history', () => {
  it('has each point once, by timestamp, step and value', () => {
    const points = [point(2, 1, 5), point(1, 1, 5), point(1, 1, 5), point(Number.NaN, 0, 5), point(9, 9, 1)];
    expect(distinctPoints(points, byTime).map(({ value }) => value)).toEqual([9, Number.NaN, 1, 2]);
  });

  it('keeps 0 and NaN apart', () => {
    expect(distinctPoints([point(Number.NaN, 0), point(0, 0), point(Number.NaN, 0)], byStep)).toHaveLength(2);
  });

  it('of infinite values has the greatest doubles, as MLflow’s server', () => {
    expect(storableValue(Number.POSITIVE_INFINITY)).toBe(1.7976931348623157e308);
    expect(storableValue(Number.NEGATIVE_INFINITY)).toBe(-1.7976931348623157e308);
  });
});

describe('a sample', () => {
  it('has all points where they are few', () => {
    expect(sampled([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(sampled([], 3)).toEqual([]);
  });

  it('has the first of equal parts and the last point', () => {
    expect(sampled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toEqual([0, 4, 9]);
    expect(sampled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1)).toEqual([9]);
  });

  it('is in order, and never more than was asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50 }), (length, count) => {
        const points = Array.from({ length }, (_, index) => index);
        const sample = sampled(points, count);
        expect(sample).toHaveLength(Math.min(length, count));
        expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
        expect(sample.at(-1)).toBe(length - 1);
      }),
    );
  });
});
