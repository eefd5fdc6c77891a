import * as z from 'zod';

/**
 * Types of MLflow's messages as they travel: JSON of protocol buffers, and query strings, where every value is a text. 64-bit
 * integers come as numbers or texts; numbers that JSON cannot write as `NaN`, `Infinity` and `-Infinity`.
 */

const integerText = /^[+-]?\d{1,19}$/;

/** An integer that a double holds exactly. */
export const int64 = z
  .union([z.number(), z.string().regex(integerText).transform(Number)])
  .pipe(z.number().refine((value) => Number.isSafeInteger(value)));

const specialNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A double, also not a number or infinite. */
export const double = z.union([z.number(), z.string()]).transform((value, context) => {
  if (typeof value === 'number') return value;
  const special = specialNumbers[value];
  if (special !== undefined) return special;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isNaN(number)) return number;
  context.addIssue({ code: 'custom', message: 'must be a number' });
  return z.NEVER;
});

/** In query strings as Python and as JSON write it. */
export const bool = z.union([
  z.boolean(),
  z.enum(['true', 'false', 'True', 'False']).transform((text) => text.toLowerCase() === 'true'),
]);

/** A repeated field: in a query string one value is a list of one. */
export const repeated = <Element extends z.ZodType>(element: Element) =>
  z.preprocess(
    (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]),
    z.array(element),
  );

export const keyValue = z.object({ key: z.string(), value: z.string().default('') });

/** A number as MLflow's messages write it. */
export const doubleOnWire = (value: number): number | string =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';

/** A google.protobuf.Timestamp, as milliseconds since 1970. */
export const timestampMs = z.string().transform((text, context) => {
  const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (ms >= 0) return ms;
  context.addIssue({
    code: 'custom',
    message: 'must be a time since 1970 in RFC 3339, e.g. 2026-01-31T12:00:00Z',
  });
  return z.NEVER;
});

export const timestampOnWire = (ms: number): string => new Date(ms).toISOString();

/** A google.protobuf.Duration, as milliseconds. */
export const durationMs = z
  .string()
  .regex(/^-?\d{1,12}(?:\.\d{1,9})?s$/, 'must be seconds, e.g. 0.025s')
  .transform((text) => Math.trunc(Number(text.slice(0, -1)) * 1000 + 1e-6));

export function durationOnWire(ms: number): string {
  if (Number.isInteger(ms / 1000)) return `${ms / 1000}s`;
  return `${(ms / 1000).toFixed(Number.isInteger(ms) ? 3 : 6)}s`;
}
