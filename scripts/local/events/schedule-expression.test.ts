import { describe, expect, it } from 'vitest';
import { parseSchedule } from './schedule-expression.ts';

const now = Date.parse('2026-11-21T07:00:30Z');
const next = (expression: string, timeZone?: string, anchor = now) => {
  const time = parseSchedule(expression, timeZone).next(now, anchor);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('parseSchedule', () => {
  it.each([
    ['rate(1 minute)', '2026-11-21T07:01:30.000Z'],
    ['rate(5 minutes)', '2026-11-21T07:05:30.000Z'],
    ['rate(1 day)', '2026-11-22T07:00:30.000Z'],
    ['cron(0/15 * * * ? *)', '2026-11-21T07:15:00.000Z'],
    ['cron(30 6,7 ? * MON-FRI *)', '2026-11-23T06:30:00.000Z'],
    ['cron(0 10 ? * 1 *)', '2026-11-22T10:00:00.000Z'],
    ['cron(0 10 L * ? *)', '2026-11-30T10:00:00.000Z'],
    ['cron(0 10 15W * ? *)', '2026-12-15T10:00:00.000Z'],
    ['cron(0 10 ? * 6L *)', '2026-11-27T10:00:00.000Z'],
    ['cron(0 10 ? * 6#3 *)', '2026-12-18T10:00:00.000Z'],
    ['cron(0 0 1 1 ? 2030)', '2030-01-01T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2020)', undefined],
    ['at(2026-11-21T07:00:31)', '2026-11-21T07:00:31.000Z'],
    ['at(2026-11-21T07:00:00)', undefined],
  ])('%s comes next at %s', (expression, expected) => {
    expect(next(expression)).toBe(expected);
  });

  it('reads wall-clock times in their zone', () => {
    expect(next('cron(30 2 * * ? *)', 'Europe/Berlin')).toBe('2026-11-22T01:30:00.000Z');
    expect(next('at(2027-07-01T09:00:00)', 'America/New_York')).toBe('2027-07-01T13:00:00.000Z');
  });

  it('counts a rate from its anchor, past times left out', () => {
    expect(next('rate(1 hour)', 'UTC', Date.parse('2026-11-20T00:10:00Z'))).toBe('2026-11-21T07:10:00.000Z');
  });

  it.each([
    ['every minute', 'write rate'],
    ['rate(1 minutes)', 'write rate(1 minute)'],
    ['rate(5 minute)', 'write rate(1 minute)'],
    ['rate(0 minutes)', 'write rate(1 minute)'],
    ['cron(0 10 * * *)', 'six fields'],
    ['cron(0 10 * * * *)', 'exactly one of day-of-month and day-of-week'],
    ['cron(61 10 * * ? *)', 'cron(61 10 * * ? *)'],
    ['at(tomorrow)', 'yyyy-mm-ddThh:mm:ss'],
  ])('refuses %s', (expression, reason) => {
    expect(() => parseSchedule(expression)).toThrow(reason);
  });

  it('refuses an unknown time zone', () => {
    expect(() => parseSchedule('rate(1 day)', 'Mars/Base')).toThrow('Mars/Base');
  });
});
