import { describe, expect, it } from 'vitest';
import {
  bytesText,
  countText,
  distanceText,
  durationText,
  figureText,
  percentText,
  pValueText,
  valueText,
  withLocalTimes,
} from './format.ts';

describe('texts of figures', () => {
  it.each([
    [0, '0.0 s'],
    [412, '0.4 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [8_040_000, '2 h 14 min'],
    [442_800_000, '5 d 3 h'],
    [-5, '0.0 s'],
  ])('%i ms are %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  it.each([
    ['2026-01-01T00:02:00Z', 'in 2 min 00 s'],
    ['2025-12-31T23:59:18Z', '42 s ago'],
    ['2026-01-01T00:00:00.300Z', 'now'],
  ])('%s is %s at midnight', (time, text) => {
    expect(distanceText(time, Date.parse('2026-01-01T00:00:00Z'))).toBe(text);
  });

  it.each([
    [0.99312, '0.9931'],
    [12.345, '12.35'],
    [40321.7, '40322'],
    [1, '1.0000'],
    [0, '0.0000'],
    [0.00001, '1.0e-5'],
  ])('the figure %d is written %s', (value, text) => {
    expect(figureText(value)).toBe(text);
  });

  it('does not claim that a p-value is nought', () => {
    expect([pValueText(0), pValueText(0.0123)]).toEqual(['< 0.0001', '0.0123']);
  });

  it.each([
    [1, '100 %'],
    [0.2, '20 %'],
    [0.07, '7 %'],
    [1 / 3, '33.3 %'],
  ])('the share %d is %s', (share, text) => {
    expect(percentText(share)).toBe(text);
  });

  it('counts one and many', () => {
    expect([countText(1, 'row'), countText(1200, 'row')]).toEqual(['1 row', '1,200 rows']);
  });

  it('puts points in time inside sentences into the reader’s zone', () => {
    expect(withLocalTimes('until 2026-01-08T00:00:00.000Z, then no more')).not.toContain('T00:00');
  });
});

describe('texts of measured values', () => {
  it.each([
    [0.123456, '0.12346'],
    [1234.5678, '1234.6'],
    [123_456_789, '123456789'],
    [0.00001234, '1.234e-5'],
    [12_345_678_901, '1.235e+10'],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%d is %s', (value, text) => {
    expect(valueText(value)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [81_234, '81 kB'],
    [999_600, '1.0 MB'],
    [3_000_000_000_000, '3.0 TB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
