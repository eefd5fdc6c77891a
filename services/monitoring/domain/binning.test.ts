import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affordableBins, binningOf, categoryBinning, coarsen, countBins, numberBinning } from './binning.ts';

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const oneTo = (last: number): number[] => Array.from({ length: last }, (_none, i) => i + 1);
const values = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }), {
  minLength: 1,
  maxLength: 200,
});

describe('bins of a column', () => {
  it('are deciles for numbers, with cuts between the values', () => {
    const binning = numberBinning(oneTo(100));
    expect(binning).toEqual({ kind: 'number', cuts: [10.5, 20.5, 30.5, 40.5, 50.5, 60.5, 70.5, 80.5, 90.5] });
    expect(countBins(binning, oneTo(100))).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 0]);
  });

  it('are fewer where values are tied', () => {
    expect(numberBinning([...new Array<number>(80).fill(0), ...oneTo(20)])).toMatchObject({
      cuts: [0.5, 10.5],
    });
    expect(numberBinning([3, 3, 3])).toEqual({ kind: 'number', cuts: [] });
  });

  it('stay the same bins for a value that is rounded otherwise', () => {
    const trained = [0.1234567, 0.5, 0.9].flatMap((value) => new Array<number>(30).fill(value));
    const served = trained.map((value) => Math.fround(value));
    const binning = numberBinning(trained);
    expect(countBins(binning, served)).toEqual(countBins(binning, trained));
  });

  it('are the values themselves where there are few, most frequent first', () => {
    const codes = [...new Array<number>(40).fill(2), ...new Array<number>(60).fill(7)];
    expect(binningOf(codes)).toEqual({ kind: 'category', categories: ['7', '2'] });
    expect(binningOf(['a', 'b', 'a'])).toEqual({ kind: 'category', categories: ['a', 'b'] });
    expect(binningOf(oneTo(8))).toMatchObject({ kind: 'number' });
  });

  it('have a bin for categories that the reference did not know and one for missing values', () => {
    expect(countBins(categoryBinning(['a', 'a', 'b']), ['a', 'b', 'z', null, null])).toEqual([1, 1, 1, 2]);
    expect(countBins(numberBinning(oneTo(10)), [null, 1])).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('hold every value once, in whatever order it comes', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const binning = binningOf(sample);
        const counts = countBins(binning, sample);
        expect(sum(counts)).toBe(sample.length);
        expect(binningOf([...sample].reverse())).toEqual(binning);
        expect(countBins(binning, [...sample].reverse())).toEqual(counts);
      }),
    );
  });
});

describe('coarser bins', () => {
  it('hold 20 rows of the smaller sample on average, and are at least two', () => {
    expect(affordableBins(210, 100)).toBe(5);
    expect(affordableBins(45, 50)).toBe(2);
    expect(affordableBins(10, 5000)).toBe(2);
  });

  it('merge neighbours of numbers and the rarest categories, never missing values', () => {
    const numbers = numberBinning(oneTo(100));
    expect(coarsen(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 5)).toEqual([3, 7, 11, 15, 19, 11]);
    const categories = categoryBinning(['a', 'a', 'a', 'b', 'b', 'c']);
    expect(coarsen(categories, [3, 2, 1, 4, 9], 2)).toEqual([3, 7, 9]);
    expect(coarsen(categories, [3, 2, 1, 4, 9], 10)).toEqual([3, 2, 1, 4, 9]);
  });

  it('lose nothing', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 12 }), (sample, bins) => {
        const binning = binningOf(sample);
        expect(sum(coarsen(binning, countBins(binning, sample), bins))).toBe(sample.length);
      }),
    );
  });
});
