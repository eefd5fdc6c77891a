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

export const bool = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

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
