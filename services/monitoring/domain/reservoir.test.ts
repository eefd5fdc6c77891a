import { expect, it } from 'vitest';
import { createReservoir } from './reservoir.ts';

const fill = (capacity: number, items: number) => {
  const reservoir = createReservoir<number>(capacity);
  for (let item = 0; item < items; item++) reservoir.add(item);
  return reservoir;
};

it('A reservoir keeps everything while there is room, in order', () => {
  expect(fill(5, 3).sample).toEqual([0, 1, 2]);
});

it('A full reservoir keeps as many as it holds, each once, the same for the same stream', () => {
  const { sample, seen } = fill(100, 10_000);
  expect(seen).toBe(10_000);
  expect(new Set(sample).size).toBe(100);
  expect(fill(100, 10_000).sample).toEqual(sample);
});

it('A reservoir takes early and late items alike', () => {
  const { sample } = fill(2000, 20_000);
  const mean = sample.reduce((sum, item) => sum + item, 0) / sample.length;
  // Standard error of the mean of 2,000 uniform items: 20,000 / √12 / √2,000 ≈ 129.
  expect(Math.abs(mean - 10_000)).toBeLessThan(4 * 129);
});
