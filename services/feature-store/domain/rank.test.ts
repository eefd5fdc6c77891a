import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderOf, rankOf, tieOfRowNumber } from './rank.ts';

const micros = fc.integer({ min: -62_000_000_000_000_000 / 8, max: Number.MAX_SAFE_INTEGER });
const order = fc.record({ eventAt: micros, availableAt: micros, row: fc.nat() });

describe('ranks', () => {
  it('compare as event time, then availability, then order of arrival do', () => {
    fc.assert(
      fc.property(order, order, (a, b) => {
        const [left, right] = [a, b].map(({ row, ...times }) =>
          rankOf({ ...times, tie: tieOfRowNumber(row) }),
        );
        const expected = a.eventAt - b.eventAt || a.availableAt - b.availableAt || a.row - b.row;
        expect(Math.sign(left! < right! ? -1 : left! > right! ? 1 : 0)).toBe(Math.sign(expected));
      }),
    );
  });

  it('tell the order that they were made of', () => {
    fc.assert(
      fc.property(micros, micros, fc.string(), (eventAt, availableAt, tie) => {
        expect(orderOf(rankOf({ eventAt, availableAt, tie }))).toEqual({ eventAt, availableAt, tie });
      }),
    );
  });
});
