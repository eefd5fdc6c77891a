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
export const columnSchema = z.object({ name: z.string().min(1).max(255), type: columnType });
export type Column = z.infer<typeof columnSchema>;

/** The questions a model can answer. */
export const learningTask = z.enum(['binary_classification', 'multiclass_classification', 'regression']);
export type LearningTask = z.infer<typeof learningTask>;

/** Metric name to value, e.g. `{ auc: 0.99 }`. */
export const metricValues = z.record(z.string(), z.number());
