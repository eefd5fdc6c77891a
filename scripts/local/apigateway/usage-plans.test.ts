import { describe, expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';
import { periodStart } from './usage-plans.ts';

describe('a token bucket', () => {
  it('lets a burst pass and then the steady rate', () => {
    let nowMs = 0;
    const buckets = new TokenBuckets(() => nowMs);
    const take = () => buckets.take('key', { rateLimit: 2, burstLimit: 3 });
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    nowMs = 500;
    expect([take(), take()]).toEqual([true, false]);
    nowMs = 60_000;
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  });

  it('has no limit that is not given, and lets nothing pass at a rate of zero', () => {
    const buckets = new TokenBuckets(() => 0);
    expect(Array.from({ length: 100 }, () => buckets.take('a', {})).every(Boolean)).toBe(true);
    expect(buckets.take('b', { rateLimit: 0, burstLimit: 5 })).toBe(false);
  });
});

describe('a quota period', () => {
  it.each([
    ['DAY', 0, '2026-03-18T23:00:00Z', '2026-03-18'],
    ['WEEK', 0, '2026-03-18T12:00:00Z', '2026-03-15'],
    ['WEEK', 1, '2026-03-15T12:00:00Z', '2026-03-09'],
    ['MONTH', 0, '2026-03-31T12:00:00Z', '2026-03-01'],
    ['MONTH', 9, '2026-03-05T12:00:00Z', '2026-02-10'],
  ] as const)('of a %s with offset %i at %s begins on %s', (period, offset, time, expected) => {
    expect(periodStart(period, offset, Date.parse(time))).toBe(expected);
  });
});
