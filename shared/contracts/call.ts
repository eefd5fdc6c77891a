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
  /** Handler file of the function that answers; `query` where absent. */
  readonly handler?: string;
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

/** Parses by a schema of ours; throws `code` with up to 50 violations named. */
export function parseOrThrow<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: string,
  what: string,
): z.output<Schema> {
  const result = parsed(schema, value, code, what);
  if (result.success) return result.data;
  const { issues } = result.error;
  const violations = issues.slice(0, maxViolations).map((issue) => ({
    path: issue.path.join('/'),
    message: issue.message,
  }));
  const rest = issues.length - violations.length;
  const listed = z.prettifyError({ issues: issues.slice(0, maxViolations) } as z.core.$ZodError);
  throw new AppError(
    'invalid_input',
    code,
    `${what} is not valid: ${listed}${rest > 0 ? `\n… and ${rest} more` : ''}`,
    { violations },
  );
}

/** More than this are counted, not listed. */
const maxViolations = 50;

/** zod gathers violations by spreading them: some hundred thousand are more than the stack holds. */
function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, code: string, what: string) {
  try {
    return schema.safeParse(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `${what} is not valid, in more places than can be counted. Compare it with the API reference.`;
    throw new AppError('invalid_input', code, message, {}, { cause });
  }
}
