import { typedValue } from '#shared/duckdb/column-types.ts';

/** Types that text can have, the narrowest first. */
export const inferredTypes = ['boolean', 'integer', 'number', 'timestamp'] as const;
export type InferredType = (typeof inferredTypes)[number];

/** SQL of a text's value of this type, as in validation; but 1 and 0 alone do not make a column boolean. */
export const inferrable = (text: string, type: InferredType): string =>
  type === 'boolean' ? `CASE WHEN lower(${text}) IN ('true', 'false') THEN true END` : typedValue(text, type);
