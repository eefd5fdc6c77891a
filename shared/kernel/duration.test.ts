import { describe, expect, it } from 'vitest';
import { durationSeconds, durationText } from './duration.ts';

describe('durations', () => {
  it.each([
    ['90s', 90, '90s'],
    ['15m', 900, '15m'],
    ['120m', 7200, '2h'],
    ['24h', 86_400, '1d'],
    ['7d', 604_800, '7d'],
  ])('%s are %i seconds, and %s when written', (text, seconds, written) => {
    expect(durationSeconds(text)).toBe(seconds);
    expect(durationText(seconds)).toBe(written);
  });

  it.each(['', '0h', '1.5h', '7 d', '3w', '-1d', 'P7D'])('%s is refused with the cure', (text) => {
    expect(() => durationSeconds(text)).toThrow(
      `'${text}' is no duration. Write a whole number and its unit`,
    );
  });

  it('of nothing is 0s', () => expect(durationText(0)).toBe('0s'));
});
