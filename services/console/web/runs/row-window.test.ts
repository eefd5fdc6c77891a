import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowWindow } from './row-window.ts';

const table = { rows: 10_000, rowHeight: 34, viewHeight: 680, spare: 10 };

it('draws what is seen and a little around it', () => {
  expect(rowWindow({ ...table, scrollTop: 3400 })).toEqual({
    first: 90,
    end: 130,
    above: 3060,
    below: 335_580,
  });
});

it('has nothing above the first row and nothing below the last', () => {
  expect(rowWindow({ ...table, scrollTop: 0 })).toMatchObject({ first: 0, above: 0 });
  expect(rowWindow({ ...table, scrollTop: 10_000 * 34 })).toMatchObject({ end: 10_000, below: 0 });
});

it('always covers what is seen, is always as tall as the table, and never draws much', () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.integer({ min: -100, max: 20_000 }),
      fc.nat(1200),
      (rows, scrollTop, viewHeight) => {
        const { first, end, above, below } = rowWindow({
          rows,
          rowHeight: 34,
          scrollTop,
          viewHeight,
          spare: 5,
        });
        expect(above + (end - first) * 34 + below).toBe(rows * 34);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(rows);
        const firstSeen = Math.floor(Math.max(0, scrollTop) / 34);
        const lastSeen = Math.min(rows, Math.ceil((Math.max(0, scrollTop) + viewHeight) / 34));
        if (firstSeen < rows) {
          expect(first).toBeLessThanOrEqual(firstSeen);
          expect(end).toBeGreaterThanOrEqual(lastSeen);
        }
        expect(end - first).toBeLessThanOrEqual(viewHeight / 34 + 12);
      },
    ),
  );
});
