import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnProfile, DatasetProfile } from '../contract.ts';
import { compareProfiles } from './compare-profiles.ts';

const profile = (...columns: ColumnProfile[]): DatasetProfile => ({
  schemaVersion: 1,
  project: 'shop',
  datasetVersion: 1,
  rows: 1000,
  columns,
});
const column = (changed: Partial<ColumnProfile>): ColumnProfile => ({
  name: 'c',
  type: 'number',
  inferredType: 'number',
  values: 1000,
  missing: 0,
  distinct: 900,
  ...changed,
});
const numbers = (counts: number[], from = 0, width = 1) =>
  column({
    values: counts.reduce((sum, count) => sum + count, 0),
    histogram: {
      edges: counts.map((_count, bin) => from + bin * width).concat(from + counts.length * width),
      counts,
    },
  });
const texts = (counts: Record<string, number>, others = 0) =>
  column({
    type: 'string',
    distinct: Object.keys(counts).length + (others > 0 ? 500 : 0),
    values: Object.values(counts).reduce((sum, count) => sum + count, others),
    topValues: Object.entries(counts).map(([value, count]) => ({ value, count })),
  });
const change = (newer: ColumnProfile, older: ColumnProfile) =>
  compareProfiles(profile(newer), profile(older))[0]!;
const even = Array<number>(20).fill(50);

describe('the comparison of profiles', () => {
  it('says what was added, removed and retyped', () => {
    const changes = compareProfiles(
      profile(column({ name: 'a', type: 'string' }), column({ name: 'new', missing: 1000, mean: 5 })),
      profile(column({ name: 'a' }), column({ name: 'old', mean: 4 })),
    );
    expect(changes).toEqual([
      { name: 'a', change: 'retyped', missingShare: 0, missingShareBefore: 0 },
      { name: 'new', change: 'added', missingShare: 0.5, mean: 5 },
      { name: 'old', change: 'removed', missingShareBefore: 0, meanBefore: 4 },
    ]);
  });

  it('takes integers that became fractions for the same column', () => {
    expect(change(column({}), column({ type: 'integer' })).change).toBe('same');
  });

  it.each([
    ['the same numbers', numbers(even), numbers(even), 'same'],
    ['numbers over other bins', numbers(Array<number>(10).fill(100), 0, 2), numbers(even), 'same'],
    ['numbers moved by half their spread', numbers(even, 10), numbers(even), 'moved'],
    ['numbers moved by a hundredth of it', numbers(even, 0.2), numbers(even), 'same'],
    ['numbers that are all greater', numbers(even, 100), numbers(even), 'moved'],
    ['twice as many of the same', numbers(even.map((count) => count * 2)), numbers(even), 'same'],
    ['the same texts', texts({ a: 600, b: 400 }), texts({ a: 600, b: 400 }), 'same'],
    ['other shares', texts({ a: 200, b: 800 }), texts({ a: 600, b: 400 }), 'moved'],
    ['new texts', texts({ x: 1000 }), texts({ a: 600, b: 400 }), 'moved'],
    ['texts in another order', texts({ b: 400, a: 600 }), texts({ a: 600, b: 400 }), 'same'],
    ['more others', texts({ a: 600 }, 400), texts({ a: 600 }, 380), 'same'],
    ['few rows of each', numbers([1, 0, 1]), numbers([0, 1, 1]), 'same'],
    ['more missing values', column({ values: 900, missing: 100 }), column({}), 'moved'],
    ['a few more missing values', column({ values: 960, missing: 40 }), column({}), 'same'],
    ['no values on one side', column({ values: 0, missing: 1000 }), numbers(even), 'moved'],
    ['masked values', column({ sensitive: true }), column({ sensitive: true }), 'same'],
  ])('judges %s', (_what, newer, older, expected) => {
    expect(change(newer, older).change).toBe(expected);
  });

  it('measures an index near to that of the values themselves', () => {
    const shifted = even.map((_count, bin) => (bin < 10 ? 25 : 75));
    expect(change(numbers(shifted), numbers(even)).psi).toBeCloseTo(0.2747, 2);
  });

  it('finds no column moved from itself, whatever it holds', () => {
    const counts = fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(counts, (some) => {
        expect(change(numbers(some), numbers(some))).toMatchObject({ change: 'same' });
        expect(change(numbers(some), numbers(some)).psi ?? 0).toBeCloseTo(0, 12);
      }),
    );
  });
});
