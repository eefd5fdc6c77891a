import { describe, expect, it } from 'vitest';
import type { RunColumn } from './columns.ts';
import {
  isNested,
  mostSelected,
  readTableView,
  tableViewText,
  withNextOrder,
  withToggled,
} from './table-view.ts';

const loss: RunColumn = { family: 'metrics', key: 'val/loss' };
const usual = { filter: '', selected: [], deleted: false };

describe('the address of a run table', () => {
  it('says all of how it is looked at', () => {
    const view = {
      filter: "metrics.`val/loss` < 0.5 and tags.team = 'a & b'",
      order: { column: loss, descending: true },
      columns: [loss, { family: 'params', key: 'batch size' } as const],
      selected: ['a1', 'b2'],
      nested: false,
      deleted: true,
    };
    expect(readTableView(tableViewText(view))).toEqual(view);
  });

  it('is empty when all is as usual', () => {
    expect(tableViewText(usual)).toBe('');
    expect(readTableView('')).toEqual(usual);
  });

  it('tells no columns from columns that nobody chose', () => {
    expect(readTableView(tableViewText({ ...usual, columns: [] })).columns).toEqual([]);
    expect(readTableView('').columns).toBeUndefined();
  });

  it('may be mistyped: what is no column is left out', () => {
    const view = readTableView('columns=metrics.a,nonsense,attributes.colour&order=attributes.&nested=maybe');
    expect(view).toMatchObject({ columns: [{ family: 'metrics', key: 'a' }], nested: false });
    expect(view.order).toBeUndefined();
  });
});

it('runs are chosen and let go, up to as many as can be compared', () => {
  const one = withToggled(usual, 'a');
  expect(one.selected).toEqual(['a']);
  expect(withToggled(one, 'a').selected).toEqual([]);
  const full = { ...usual, selected: Array.from({ length: mostSelected }, (_, index) => `r${index}`) };
  expect(withToggled(full, 'more')).toBe(full);
});

it('a column is sorted up, then down, then no more; another one begins anew', () => {
  const up = withNextOrder(usual, loss);
  const down = withNextOrder(up, loss);
  expect([up.order, down.order, withNextOrder(down, loss).order]).toEqual([
    { column: loss, descending: false },
    { column: loss, descending: true },
    undefined,
  ]);
  const other: RunColumn = { family: 'params', key: 'lr' };
  expect(withNextOrder(down, other).order).toEqual({ column: other, descending: false });
});

it('children stand below their parents until a filter looks for single runs, or somebody says otherwise', () => {
  expect(isNested(usual)).toBe(true);
  expect(isNested({ ...usual, filter: 'metrics.a > 1' })).toBe(false);
  expect(isNested({ ...usual, filter: 'metrics.a > 1', nested: true })).toBe(true);
});
