import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OracleRow, windowAnswer } from '#test/doubles/feature-oracle.ts';
import type { ViewAggregation } from '../contract.ts';
import { rankOf } from './rank.ts';
import {
  addRows,
  addState,
  dropBefore,
  emptyState,
  maxStateBytes,
  stateText,
  valuesAt,
  type WindowState,
} from './window-state.ts';
import { hopSecondsOf } from './windows.ts';

const functions = ['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct'] as const;
const aggregation = (
  name: string,
  one: Partial<ViewAggregation> & Pick<ViewAggregation, 'function' | 'windowSeconds'>,
): ViewAggregation => ({
  name,
  type: 'number',
  hopSeconds: hopSecondsOf(one.windowSeconds),
  sensitive: false,
  ...one,
});
/** Every function over two windows of different hops, and a count of rows. */
const aggregations = [600, 90_000].flatMap((windowSeconds) => [
  aggregation(`rows_${windowSeconds}`, { function: 'count', windowSeconds }),
  ...functions.map((name) =>
    aggregation(`${name}_${windowSeconds}`, {
      function: name,
      windowSeconds,
      column: 'x',
      columnType: 'number',
    }),
  ),
]);

const now = Date.UTC(2026, 5, 1, 12, 0, 30) * 1000;
/** Up to two days back, with many a time on the edge of a hop. */
const ago = fc.oneof(
  fc.integer({ min: 0, max: 2 * 86_400_000_000 }),
  fc.integer({ min: 0, max: 200 }).map((minutes) => minutes * 60_000_000 + 30_000_000),
);
const row = fc
  .record({
    ago,
    late: fc.integer({ min: 0, max: 1000 }),
    tie: fc.uuid(),
    x: fc.option(
      fc.integer({ min: -5, max: 5 }).map((whole) => whole / 4),
      { nil: null },
    ),
  })
  .map(({ ago: back, late, tie, x }): OracleRow => {
    const eventAt = now - back;
    return { eventAt, availableAt: Math.min(now, eventAt + late), tie, values: { x } };
  });
const rows = fc.uniqueArray(row, { selector: rankOf, maxLength: 40 });

describe('windows of an entity', () => {
  it('answer as all rows do, in whatever order they came', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 86_400_000_000 }), (all, later) => {
        const state = all.reduce((before, each) => addRows(before, aggregations, [each]), emptyState());
        expect(valuesAt(state, aggregations, now + later)).toEqual(
          windowAnswer(all, aggregations, now + later),
        );
      }),
    );
  });

  it('are the same state whatever the order, so that a stream that is out of order ends as one in order', () => {
    fc.assert(
      fc.property(
        rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(addRows(emptyState(), aggregations, shuffled)).toEqual(
            addRows(emptyState(), aggregations, all),
          );
        },
      ),
    );
  });

  it('of two parts of the rows, put together, answer as those of all', () => {
    fc.assert(
      fc.property(rows, fc.func(fc.boolean()), (all, isFirst) => {
        const [one, other] = [true, false].map((first) =>
          addRows(
            emptyState(),
            aggregations,
            all.filter((each) => isFirst(each) === first),
          ),
        ) as [WindowState, WindowState];
        const kept = stateText(other, 'd7');
        expect(valuesAt(addState(one, aggregations, other), aggregations, now)).toEqual(
          windowAnswer(all, aggregations, now),
        );
        expect(stateText(other, 'd7')).toBe(kept);
        expect(addState(emptyState(), aggregations, emptyState())).toEqual(emptyState());
      }),
    );
  });

  it('lose nothing that is still asked for when old hops are dropped, and go round through text', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 86_400_000_000 }), (all, later) => {
        const state = addRows(emptyState(), aggregations, all);
        const whole = addRows(emptyState(), aggregations, all);
        const kept = JSON.parse(stateText(dropBefore(state, aggregations, now + later), 'd7'));
        expect(valuesAt(kept, aggregations, now + later)).toEqual(valuesAt(whole, aggregations, now + later));
      }),
    );
  });

  it('answer some of the aggregations with the status of all', () => {
    const [short] = aggregations as [ViewAggregation];
    const old = { eventAt: now - 7_200_000_000, availableAt: now, tie: '', values: { x: 1 } };
    const state = addRows(emptyState(), aggregations, [old]);
    expect(valuesAt(state, [short], now)).toEqual({
      status: 'PRESENT',
      eventAt: now - 7_200_000_000,
      values: { rows_600: 0 },
    });
  });

  it('compare times as times and texts as their bytes', () => {
    const of = (columnType: 'timestamp' | 'string') =>
      (['min', 'max'] as const).map((name) =>
        aggregation(name, { function: name, windowSeconds: 600, column: 'x', columnType }),
      );
    const both = (columnType: 'timestamp' | 'string', values: readonly string[]) =>
      valuesAt(
        addRows(
          emptyState(),
          of(columnType),
          values.map((x, i) => ({ eventAt: now - i, availableAt: now, tie: String(i), values: { x } })),
        ),
        of(columnType),
        now,
      ).values;
    const [whole, more] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000001Z'];
    expect(both('timestamp', [more, whole])).toEqual({ min: whole, max: more });
    expect(both('string', ['\u{1F600}', '\uFF5E'])).toEqual({ min: '\uFF5E', max: '\u{1F600}' });
  });

  it('stay small however many rows there are, and refuse a column of too many values', () => {
    const few = aggregations.filter((one) => one.function !== 'distinct');
    const at = (i: number) => ({ eventAt: now - i * 4_000_000, availableAt: now, tie: String(i) });
    const many = Array.from({ length: 22_500 }, (_, i) => ({ ...at(i), values: { x: i / 3 } }));
    const small = dropBefore(addRows(emptyState(), few, many), few, now);
    expect(stateText(small, 'd7').length).toBeLessThan(maxStateBytes / 10);
    const state = addRows(emptyState(), aggregations, many);
    expect(() => stateText(state, "'d7'")).toThrow(/windows of 'd7' take \d+ bytes; 300000 can be kept/);
    expect(() => stateText(state, "'d7'")).toThrow(expect.objectContaining({ code: 'WindowStateTooLarge' }));
  });
});
