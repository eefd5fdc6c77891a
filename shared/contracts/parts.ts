import * as z from 'zod';

/** Parts that events, tasks and endpoints of several services share. */

/** Name of a project: it becomes part of S3 keys, SageMaker names and addresses. */
export const projectName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,31}$/,
    'must begin with a letter and hold 2 to 32 lower-case letters, digits and hyphens',
  );

/** A claim check: a part too big for an event, by address and content. */
export const storedObject = z.object({
  uri: z.string().startsWith('s3://'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
});
export type StoredObject = z.infer<typeof storedObject>;

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Types a column can have, as project files and schemas name them. `timestamp` is ISO 8601; without a zone it is UTC. */
export const columnType = z.enum(['number', 'integer', 'string', 'boolean', 'timestamp']);
const maxColumnNameLength = 255;
export const columnSchema = z.object({ name: z.string().min(1).max(maxColumnNameLength), type: columnType });
export type Column = z.infer<typeof columnSchema>;

/** Most columns of a dataset. */
export const maxColumns = 2000;
/** Most bytes of all names as JSON: with their types they are in events, which may have 256 KB (EventBridge). */
const maxColumnNamesBytes = 98_304;

/** What is wrong with the number or the length of column names, with the cure; undefined where nothing is. */
export function columnsBeyondLimits(names: readonly string[]): string | undefined {
  if (names.length > maxColumns)
    return `it has ${names.length} columns, ${maxColumns} are allowed. Drop columns, or check that the separator is a comma`;
  const long = names.find((name) => name.length > maxColumnNameLength);
  if (long !== undefined)
    return `the name of column '${long.slice(0, 40)}…' has ${long.length} characters, ${maxColumnNameLength} are allowed. Shorten it`;
  const bytes = new TextEncoder().encode(JSON.stringify(names)).length;
  if (bytes > maxColumnNamesBytes)
    return `its ${names.length} column names take ${bytes} bytes, ${maxColumnNamesBytes} are allowed. Shorten them`;
  return undefined;
}

/** Id of a thing in a path: those that the platform makes are letters, digits and hyphens. */
export const pathId = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,128}$/, 'must be an id, of at most 128 characters');

/** `nextPageToken` of the page before. */
export const pageToken = z.string().max(4096).optional();

/** The questions a model can answer. */
export const learningTask = z.enum(['binary_classification', 'multiclass_classification', 'regression']);
export type LearningTask = z.infer<typeof learningTask>;

/** Metric name to value, e.g. `{ auc: 0.99 }`. */
export const metricValues = z.record(z.string(), z.number());
