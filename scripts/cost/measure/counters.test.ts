import { describe, expect, it } from 'vitest';
import { difference, settled, sum, weighted } from './counters.ts';

describe('counters', () => {
  it('take what is missing for zero', () => {
    expect(difference({ a: 3 }, { b: 1 })).toEqual({ a: 3, b: -1 });
    expect(sum({ a: 3 }, { b: 1 })).toEqual({ a: 3, b: 1 });
  });

  it('are weighed', () => {
    expect(weighted([2, { a: 3 }], [-1, { a: 1, b: 4 }])).toEqual({ a: 5, b: -4 });
  });

  it('leave out what did not occur, and what chance made negative', () => {
    expect(settled({ a: 1 / 3, b: 0, c: -2 })).toEqual({ a: 0.3333 });
  });
});
