import * as z from 'zod';
import { AppError } from '#shared/kernel/errors.ts';
import type { ServiceName } from '#shared/kernel/names.ts';
import { eventMetadataSchema } from './event.ts';

/**
 * A function that a state machine calls (`handlers/task-<name>.ts`). Input carries the metadata of the fact that started the
 * machine, so that what the task publishes belongs to the same journey. With `waits`, the machine waits for the task token
 * (`taskToken` in the input) until the service answers it with `output`.
 */
export interface TaskDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly service: ServiceName;
  readonly name: string;
  /** Handler file, also the last part of the function's name. */
  readonly handler: string;
  readonly description: string;
  readonly waits: boolean;
  readonly input: Input;
  readonly output: Output;
}

/** What every task receives besides its own input. */
export const taskContextSchema = z.object({
  metadata: eventMetadataSchema,
  executionArn: z.string(),
  taskToken: z.string().optional(),
});
export type TaskContext = z.infer<typeof taskContextSchema>;

export function defineTask<Input extends z.ZodType, Output extends z.ZodType>(spec: {
  service: ServiceName;
  name: string;
  description: string;
  waits?: boolean;
  input: Input;
  output: Output;
}): TaskDefinition<Input, Output> {
  return { ...spec, waits: spec.waits ?? false, handler: `task-${spec.name}` };
}

/** A question one service asks another, answered by the other's `query` function under IAM. Reads only. */
export interface QueryDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly service: ServiceName;
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
}

export function defineQuery<Input extends z.ZodType, Output extends z.ZodType>(
  spec: QueryDefinition<Input, Output>,
): QueryDefinition<Input, Output> {
  return spec;
}

/** What the `query` function of a service receives and answers. */
export const queryRequestSchema = z.object({ query: z.string(), input: z.unknown() });
export type QueryResponse =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: { kind: string; code: string; message: string } };

/** Parses by a schema of ours; throws `code` with every violation named. */
export function parseOrThrow<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: string,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const violations = result.error.issues.map((issue) => ({
    path: issue.path.join('/'),
    message: issue.message,
  }));
  throw new AppError('invalid_input', code, `${what} is not valid: ${z.prettifyError(result.error)}`, {
    violations,
  });
}
