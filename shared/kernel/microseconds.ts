import { AppError } from './errors.ts';

/**
 * Times in whole microseconds since 1970 (UTC), which is what DuckDB's TIMESTAMPTZ and Parquet keep. A double holds them exactly from
 * the year 1684 to 2255.
 */
const pattern =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Microseconds of an ISO 8601 time; UTC where it names no zone, digits below a microsecond cut off. Undefined where it is none. */
export function parseMicroseconds(text: string): number | undefined {
  const [ms, microseconds] = parsed(text) ?? [];
  return ms === undefined ? undefined : ms * 1000 + microseconds!;
}

/** As `parseMicroseconds`, and exact in any year. */
export function parseExactMicroseconds(text: string): bigint | undefined {
  const [ms, microseconds] = parsed(text) ?? [];
  return ms === undefined ? undefined : BigInt(ms) * 1000n + BigInt(microseconds!);
}

function parsed(text: string): readonly [ms: number, microseconds: number] | undefined {
  const [, day, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] =
    pattern.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  const ms = Date.parse(`${day}T${minutes}:${seconds}${zoneText(zone)}`);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(ms) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return undefined;
  return [ms, Number(fraction.padEnd(6, '0').slice(0, 6))];
}

function zoneText(zone: string): string {
  if (/^z$/i.test(zone)) return 'Z';
  const [, hours, minutes = '00'] = /^([+-]\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  return `${hours}:${minutes}`;
}

/** `2026-11-28T09:08:16.232001Z`: with six digits where they say something, else with three, as `Date` writes them. */
export function microsecondsText(microseconds: number | bigint): string {
  const rest = Number(BigInt(microseconds) % 1000n);
  const below = rest < 0 ? rest + 1000 : rest;
  const text = new Date(Number((BigInt(microseconds) - BigInt(below)) / 1000n)).toISOString();
  return below === 0 ? text : `${text.slice(0, -1)}${String(below).padStart(3, '0')}Z`;
}

/** As `parseMicroseconds`, for times that must be one. Throws InvalidTimestamp (invalid_input) with `what` it stands for. */
export function microsecondsOf(text: string, what: string): number {
  const microseconds = parseMicroseconds(text);
  if (microseconds !== undefined) return microseconds;
  throw new AppError(
    'invalid_input',
    'InvalidTimestamp',
    `${what} is '${text.slice(0, 60)}', which is no ISO 8601 time. Write one such as 2026-11-28T09:08:16Z.`,
  );
}

export const microsecondsOfDate = (date: Date): number => date.getTime() * 1000;
