import { AppError } from '#shared/kernel/errors.ts';

/**
 * JSON of Python programs, read without loss: a number that JavaScript would write otherwise (1.0, which Python takes for a float,
 * or an integer above 2^53) is kept as it was written, and written so again by JSON.stringify.
 */

/** Of ECMAScript's "JSON.parse source text access", which TypeScript does not declare yet. */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(source: string): unknown;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}
const json = JSON as unknown as JsonWithSource;

/** Python writes these into JSON where numbers are missing; outside texts they are no JSON. */
const notANumber = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** Throws InvalidJson, with the name of the field. NaN and infinite numbers are read as null: values that are missing. */
export function parseLossless(text: string, field: string): unknown {
  try {
    const readable = text.replace(notANumber, (match) => (match.startsWith('"') ? match : 'null'));
    return json.parse(readable, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && String(value) !== source
        ? json.rawJSON(source)
        : value,
    );
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      'InvalidJson',
      `Invalid value for parameter '${field}' supplied: it must be a JSON text (${(cause as Error).message}).`,
      {},
      { cause },
    );
  }
}

/** The type of a value of a record, as MLflow names it in the schemas of datasets. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (json.isRawJSON(value)) return /[.eE]/.test(value.rawJSON) ? 'float' : 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** Whether a value is an object with members. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !json.isRawJSON(value);

/** JSON with the members of objects sorted by name at every depth: the same text for the same value. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isJsonObject(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}
