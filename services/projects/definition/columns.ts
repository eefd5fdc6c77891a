import * as z from 'zod';
import { columnType } from '#shared/contracts/parts.ts';

/** A bound of numbers, or of times as ISO 8601 text. */
export const bound = z.union([z.number(), z.string().min(1).max(40)]);

/** A value that a file can hold. */
export const scalar = z.union([z.string().max(1000), z.number(), z.boolean()]);

/** What a column of the project's data must look like. Each member besides `type` is a check of every row. */
export const columnRule = z
  .strictObject({
    type: columnType.describe('timestamp is ISO 8601, in UTC where no zone is written.'),
    format: z
      .string()
      .min(2)
      .max(60)
      .optional()
      .describe('How a timestamp is written where it is not ISO 8601, in strftime’s letters: %d.%m.%Y.'),
    nullable: z.boolean().default(false).describe('Whether a value may be missing.'),
    min: bound.optional().describe('Least value; for timestamps the earliest, as ISO 8601.'),
    max: bound.optional().describe('Greatest value; for timestamps the latest, as ISO 8601.'),
    allowed: z.array(scalar).min(1).max(1000).optional().describe('The only values allowed.'),
    pattern: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe('Regular expression (RE2) that the whole text must match.'),
    minLength: z.int().min(0).optional().describe('Fewest characters of a text.'),
    maxLength: z.int().min(0).optional().describe('Most characters of a text.'),
    unique: z.boolean().default(false).describe('Whether a value may come once only in an upload.'),
    sensitive: z
      .boolean()
      .default(false)
      .describe('Whether values are masked wherever people look at rows, profiles and findings.'),
    description: z.string().max(1000).optional().describe('For people.'),
  })
  .refine((rule) => !isAbove(rule.min, rule.max), { message: 'min must not be above max' })
  .refine((rule) => !isAbove(rule.minLength, rule.maxLength), {
    message: 'minLength must not be above maxLength',
  });

/** Columns by name; none where the project has no contract yet. */
export const columns = z
  .record(z.string().min(1).max(255), columnRule)
  .refine((byName) => Object.keys(byName).length !== 1, {
    message: 'at least two columns are needed: the primary key and one more',
  });

function isAbove(min: number | string | undefined, max: number | string | undefined): boolean {
  if (typeof min === 'number' && typeof max === 'number') return min > max;
  return typeof min === 'string' && typeof max === 'string' && Date.parse(min) > Date.parse(max);
}
