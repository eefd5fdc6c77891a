import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortedOrder } from './sorted-order.ts';

it('sorts rows by their key, equal ones in their order, NaN last', () => {
  fc.assert(
    fc.property(fc.float32Array(), (keys) => {
      const expected = [...keys.keys()].sort((a, b) => {
        const [x, y] = [keys[a] as number, keys[b] as number];
        if (Number.isNaN(x) || Number.isNaN(y))
          return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
        return x - y || a - b;
      });
      expect([...sortedOrder(keys)]).toEqual(expected);
    }),
  );
  expect([...sortedOrder(Float32Array.of(0, -0, -1, Number.NEGATIVE_INFINITY))]).toEqual([3, 2, 0, 1]);
});
