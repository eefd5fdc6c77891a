import middy from '@middy/core';
import type * as z from 'zod';
import {
  parseOrThrow,
  type QueryDefinition,
  type QueryResponse,
  queryRequestSchema,
  type TaskContext,
  type TaskDefinition,
  taskContextSchema,
} from '#shared/contracts/call.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { loggedFailure } from './event.ts';

/** What a state machine sends to a task: `{ context, input }`. */
interface TaskInvocation {
  readonly context: unknown;
  readonly input: unknown;
}

/**
 * A function that a state machine calls and that answers at once. An AppError’s code is the error name that the machine’s
 * Retry and Catch match. Tasks may be called twice for one state: they must be idempotent by execution and input.
 */
export function taskHandler<Input extends z.ZodType, Output extends z.ZodType>(
  task: TaskDefinition<Input, Output>,
  run: (input: z.output<Input>, context: TaskContext) => Promise<z.input<Output>>,
) {
  return middy<TaskInvocation, z.output<Output>>()
    .use(loggedFailure())
    .handler(async (invocation) => {
      const { input, context } = readInvocation(task, invocation);
      return parseOrThrow(
        task.output,
        await run(input, context),
        'InvalidTaskOutput',
        `The output of ${task.service}/${task.name}`,
      );
    });
}

/** A function that a state machine calls with a task token; somebody answers the token later with the task’s output. */
export function waitingTaskHandler<Input extends z.ZodType, Output extends z.ZodType>(
  task: TaskDefinition<Input, Output>,
  start: (input: z.output<Input>, context: TaskContext & { taskToken: string }) => Promise<void>,
) {
  return middy<TaskInvocation, void>()
    .use(loggedFailure())
    .handler(async (invocation) => {
      const { input, context } = readInvocation(task, invocation);
      if (!context.taskToken)
        throw new AppError(
          'invalid_input',
          'TaskTokenMissing',
          `${task.name} waits: its machine must send $states.context.Task.Token.`,
        );
      await start(input, { ...context, taskToken: context.taskToken });
    });
}

function readInvocation<Input extends z.ZodType>(
  task: TaskDefinition<Input>,
  invocation: TaskInvocation,
): { input: z.output<Input>; context: TaskContext } {
  const context = parseOrThrow(
    taskContextSchema,
    invocation.context,
    'InvalidTaskContext',
    `The context of ${task.name}`,
  );
  const { correlationId, project, eventId } = context.metadata;
  logger.resetKeys();
  logger.appendKeys({ correlationId, project, eventId, executionArn: context.executionArn, task: task.name });
  return {
    context,
    input: parseOrThrow(
      task.input,
      invocation.input,
      'InvalidTaskInput',
      `The input of ${task.service}/${task.name}`,
    ),
  };
}

/** A query with what answers it. */
export interface Answer {
  readonly query: QueryDefinition;
  readonly run: (input: unknown) => Promise<unknown>;
}

export function answer<Input extends z.ZodType, Output extends z.ZodType>(
  query: QueryDefinition<Input, Output>,
  run: (input: z.output<Input>) => Promise<z.input<Output>>,
): Answer {
  return { query, run: run as Answer['run'] };
}

/** The `query` function of a service: answers other services’ questions; AppErrors travel as values, so that the asker sees the same error. */
export function queryHandler(answers: readonly Answer[]) {
  const byName = new Map(answers.map((entry) => [entry.query.name, entry]));
  return middy<unknown, QueryResponse>()
    .use(loggedFailure())
    .handler(async (request) => {
      const { query: name, input } = parseOrThrow(
        queryRequestSchema,
        request,
        'InvalidQuestion',
        'The question',
      );
      logger.resetKeys();
      logger.appendKeys({ query: name });
      try {
        const found = byName.get(name);
        if (!found) throw new AppError('not_found', 'UnknownQuery', `There is no query '${name}'.`);
        return {
          ok: true,
          output: await found.run(
            parseOrThrow(found.query.input, input, 'InvalidQuestion', `The input of ${name}`),
          ),
        };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { ok: false, error: { kind: error.kind, code: error.code, message: error.message } };
      }
    });
}
