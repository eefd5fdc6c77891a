import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorTo, hopSecondsOf, windowStart } from './windows.ts';

describe('windows', () => {
  it.each([
    [60, 60],
    [12_000, 60],
    [12_001, 300],
    [7 * 86_400, 3600],
    [365 * 86_400, 86_400],
  ])('of %i seconds move by %i', (window, hop) => {
    expect(hopSecondsOf(window)).toBe(hop);
  });

  it('begin with a hop, at most one before their length', () => {
    const at = Date.UTC(2026, 0, 1, 0, 10, 30) * 1000;
    expect(windowStart(at, 300, 60)).toBe(Date.UTC(2026, 0, 1, 0, 5) * 1000);
    expect(windowStart(at - 30_000_000, 300, 60)).toBe(Date.UTC(2026, 0, 1, 0, 5) * 1000);
  });

  it('are cut in whole numbers, for all times', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(60, 3600, 86_400), (at, hop) => {
        const step = BigInt(hop) * 1_000_000n;
        const rest = ((BigInt(at) % step) + step) % step;
        expect(BigInt(floorTo(at, hop * 1_000_000))).toBe(BigInt(at) - rest);
      }),
    );
  });
});
