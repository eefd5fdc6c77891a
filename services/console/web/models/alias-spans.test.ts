import { expect, it } from 'vitest';
import { spansOf } from './alias-spans.ts';

const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
const move = (day: number, toVersion?: number) => ({
  project: 'wine',
  movedBy: { type: 'user' as const, id: 'ann' },
  alias: 'champion',
  movedAt: at(day),
  reason: `day ${day}`,
  ...(toVersion === undefined ? {} : { toVersion }),
});

it('a version is champion from its move until the next one; the newest until now', () => {
  expect(spansOf([move(3, 2), move(1, 1)])).toEqual([
    { version: 2, from: at(3), reason: 'day 3' },
    { version: 1, from: at(1), to: at(3), reason: 'day 1' },
  ]);
});

it('an alias that was taken away leaves a time without a champion', () => {
  expect(spansOf([move(4, 3), move(2), move(1, 1)])).toEqual([
    { version: 3, from: at(4), reason: 'day 4' },
    { version: 1, from: at(1), to: at(2), reason: 'day 1' },
  ]);
});
