import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock, grouped } from './metric-blocks.ts';

const anyPoint = fc.record({
  key: fc.oneof(fc.constantFrom('loss', 'acc', 'Größe/µ', '__proto__'), fc.string({ minLength: 1 })),
  value: fc.double(),
  timestamp: fc.oneof(fc.integer({ min: 0 }), fc.maxSafeNat()),
  step: fc.oneof(fc.integer(), fc.maxSafeInteger()),
});

describe('a block', () => {
  it('gives back every point of every metric, in order', () => {
    fc.assert(
      fc.property(fc.array(anyPoint, { maxLength: 200 }), (points) => {
        const byKey = grouped(points);
        expect(decodeBlock(encodeBlock(byKey))).toEqual(byKey);
      }),
    );
  });

  it('gives one metric of many', () => {
    const block = encodeBlock(
      new Map([
        ['a', [{ value: 1, timestamp: 1, step: 1 }]],
        ['b', [{ value: 2, timestamp: 2, step: -2 }]],
      ]),
    );
    expect(decodeBlock(block, 'b')).toEqual(new Map([['b', [{ value: 2, timestamp: 2, step: -2 }]]]));
    expect(decodeBlock(block, 'c')).toEqual(new Map());
  });

  it('of a thousand points of a training has less than nine bytes for each', () => {
    const points = Array.from({ length: 1000 }, (_, step) => ({
      value: Math.sin(step) / 3,
      timestamp: 1_795_829_933_714 + 250 * step,
      step,
    }));
    expect(encodeBlock(new Map([['loss', points]])).byteLength).toBeLessThan(9000);
  });
});
