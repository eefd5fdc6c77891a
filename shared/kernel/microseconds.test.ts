import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microsecondsOf, microsecondsText, parseMicroseconds } from './microseconds.ts';

describe('times in microseconds', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01', 0],
    ['1970-01-01 00:00:01.5', 1_500_000],
    ['1970-01-01T00:00:00.000001Z', 1],
    ['1970-01-01T00:00:00.123456789Z', 123_456],
    ['1970-01-01T01:00:00+01:00', 0],
    ['1970-01-01T01:00:00+01', 0],
    ['1969-12-31T22:30-0130', 0],
    ['1969-12-31T23:59:59.999999Z', -1],
  ])('%s is %i', (text, microseconds) => expect(parseMicroseconds(text)).toBe(microseconds));

  it.each(['', '2026-02-30T00:00:00Z', '2026-13-01', 'yesterday', '1700000000', '2026-01-01T25:00:00Z'])(
    '%s is no time',
    (text) => expect(parseMicroseconds(text)).toBeUndefined(),
  );

  it('are written so that they are read as the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -62_000_000_000_000_000 / 8, max: 9_000_000_000_000_000 }),
        (microseconds) => {
          expect(parseMicroseconds(microsecondsText(microseconds))).toBe(microseconds);
        },
      ),
    );
  });

  it('that are none are refused with the cure', () => {
    expect(() => microsecondsOf('soon', 'records/0/event_timestamp')).toThrow(
      "records/0/event_timestamp is 'soon', which is no ISO 8601 time",
    );
  });
});
