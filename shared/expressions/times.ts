import type { DateDiffUnit, DatePartField } from './functions.ts';

export const unitMicroseconds: Readonly<Record<DateDiffUnit, bigint>> = {
  day: 86_400_000_000n,
  hour: 3_600_000_000n,
  minute: 60_000_000n,
  second: 1_000_000n,
};

/** Whole units that passed from one time to another; negative where it is the earlier one. */
export const unitsBetween = (unit: DateDiffUnit, from: bigint, to: bigint): bigint =>
  (to - from) / unitMicroseconds[unit];

const dayMs = 86_400_000;

/** A part of a time in UTC. Years before the first count from it backwards: 1, 2, 3. */
export function datePart(field: DatePartField, microseconds: bigint): bigint {
  const date = new Date(Number((microseconds - (((microseconds % 1000n) + 1000n) % 1000n)) / 1000n));
  return BigInt(partOf(field, date));
}

function partOf(field: DatePartField, date: Date): number {
  const year = date.getUTCFullYear();
  switch (field) {
    case 'year':
      return year > 0 ? year : 1 - year;
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'month':
      return date.getUTCMonth() + 1;
    case 'week':
      return isoWeek(date);
    case 'day':
      return date.getUTCDate();
    case 'day_of_year':
      return dayOfYear(date);
    case 'day_of_week':
      return isoDay(date);
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
  }
}

const isoDay = (date: Date): number => date.getUTCDay() || 7;
const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - dateOf(date.getUTCFullYear(), 1, 1)) / dayMs) + 1;

/** The week of a year holds its Thursday. */
function isoWeek(date: Date): number {
  const thursday = new Date(date.getTime() + (4 - isoDay(date)) * dayMs);
  return Math.ceil(dayOfYear(thursday) / 7);
}

/** Milliseconds since 1970; of any year, also one below 100, which `Date.UTC` takes for one of the 20th century. */
const dateOf = (year: number, month: number, day: number): number =>
  new Date(0).setUTCFullYear(year, month - 1, day);

const shape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.](\d{1,6}))?(?:Z|([+-])(\d{2})(?::(\d{2}))?)?)?)?$/;

/** The time that a text is cast to. Null where it is none: a zone needs seconds before it, and 24:00:00 is the end of a day. */
export function castTime(text: string): bigint | null {
  const match = shape.exec(text);
  if (!match) return null;
  const sign = match[8] === '-' ? -1 : 1;
  const fraction = Number((match[7] ?? '').padEnd(6, '0'));
  const [year, month, day, hour, minute, second, , , zoneHour, zoneMinute] = match
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, ...number[]];
  const midnight = dateOf(year, month, day);
  if (new Date(midnight).getUTCMonth() !== month - 1 || day === 0 || minute > 59 || second > 59) return null;
  if (hour > 24 || (hour === 24 && (minute > 0 || second > 0 || fraction > 0))) return null;
  const minutes = hour * 60 + minute - sign * (zoneHour! * 60 + zoneMinute!);
  return BigInt(midnight + (minutes * 60 + second) * 1000) * 1000n + BigInt(fraction);
}
