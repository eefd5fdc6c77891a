import { expect, it } from 'vitest';
import { barsOf } from './histogram-bars.ts';

it('bars are shares, so that a small window can be compared with a large reference', () => {
  const bars = barsOf({ edges: [0, 0.5, 1234.5], reference: [300, 100], window: [1, 3] });
  expect(bars).toEqual([
    { label: '0 to 0.5', reference: 0.75, window: 0.25 },
    { label: '0.5 to 1230', reference: 0.25, window: 0.75 },
  ]);
});

it('bars of categories carry their names, and an empty window has none of any', () => {
  expect(barsOf({ categories: ['a', 'b'], reference: [1, 1], window: [0, 0] })).toEqual([
    { label: 'a', reference: 0.5, window: 0 },
    { label: 'b', reference: 0.5, window: 0 },
  ]);
});
