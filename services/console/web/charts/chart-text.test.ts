import { expect, it } from 'vitest';
import { compactText, placeText, tickText } from './chart-text.ts';

it('places are named as their axis counts', () => {
  expect(placeText('step', 120)).toBe('step 120');
  expect(placeText('relative', 185_000)).toBe('3 min 05 s');
});

it('ticks are short', () => {
  expect([0, 600_000, 5_400_000].map((x) => tickText('relative', x, 1))).toEqual([
    '0',
    '10 min',
    '1 h 30 min',
  ]);
  expect(tickText('step', 20_000, 1)).toBe('20K');
});

it('times of day have seconds where the axis is short, and are dates where it is long', () => {
  const at = Date.parse('2026-11-19T20:25:04Z');
  const day = 86_400_000;
  expect(tickText('wall', at, 60_000).match(/:/g)).toHaveLength(2);
  expect(tickText('wall', at, day).match(/:/g)).toHaveLength(1);
  expect(tickText('wall', at, 30 * day)).not.toMatch(/:/);
});

it('great values are shortened, others are not', () => {
  expect([1500, 12_500, 1_500_000, 0.25].map(compactText)).toEqual(['1500', '12.5K', '1.5M', '0.25']);
});
