import middy from '@middy/core';
import type { EventBridgeEvent } from 'aws-lambda';
import type * as z from 'zod';
import { AlreadyConsumed } from '#shared/aws/table.ts';
import { parseOrThrow } from '#shared/contracts/call.ts';
import type { DomainEvent, EventDefinition } from '#shared/contracts/event.ts';
import { logger } from '#shared/telemetry/logger.ts';

/**
 * A function that consumes one event of ours: parses it by the definition that infra subscribes with, puts correlation ids into
 * every log line, and takes AlreadyConsumed for success. Whatever else is thrown makes Lambda retry and then dead-letter.
 */
export function eventHandler<Schema extends z.ZodType>(
  definition: EventDefinition<Schema>,
  consume: (event: DomainEvent<z.output<Schema>>) => Promise<void>,
) {
  return middy<EventBridgeEvent<string, unknown>, void>()
    .use(loggedFailure())
    .handler(async (delivered) => {
      const event = definition.parse(delivered);
      logger.resetKeys();
      const { eventId, correlationId, project } = event.detail.metadata;
      logger.appendKeys({ eventId, correlationId, project, detailType: event.detailType });
      await onceOnly(() => consume(event));
    });
}

/** A function that consumes events of AWS services (`aws.s3`, `aws.sagemaker`) from the default bus. */
export function awsEventHandler<Detail>(
  parse: (detail: unknown) => Detail,
  consume: (detail: Detail, event: EventBridgeEvent<string, unknown>) => Promise<void>,
) {
  return middy<EventBridgeEvent<string, unknown>, void>()
    .use(loggedFailure())
    .handler(async (delivered) => {
      logger.resetKeys();
      logger.appendKeys({ awsEventId: delivered.id, detailType: delivered['detail-type'] });
      await onceOnly(() => consume(parse(delivered.detail), delivered));
    });
}

/** A function that a schedule calls, with `{}`; whoever calls it by hand may send more. */
export function scheduleHandler(run: (input: unknown) => Promise<void>) {
  return middy<unknown, void>()
    .use(loggedFailure())
    .handler((input) => run(input));
}

/** A function of a service that the same service calls without waiting: Lambda retries what throws and then dead-letters it. */
export function callHandler<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>) => Promise<void>,
) {
  return middy<unknown, void>()
    .use(loggedFailure())
    .handler(async (payload) => {
      const input = parseOrThrow(schema, payload, 'InvalidCall', 'The call');
      logger.resetKeys();
      logger.appendKeys({ call: input });
      await run(input);
    });
}

async function onceOnly(consume: () => Promise<void>): Promise<void> {
  try {
    await consume();
  } catch (error) {
    if (!(error instanceof AlreadyConsumed)) throw error;
    logger.info('The event was consumed before; nothing to do.', { message: error.message });
  }
}

/** Logs what failed, then lets it be thrown. */
export function loggedFailure(): middy.MiddlewareObj<unknown, unknown> {
  return {
    onError: (request) => {
      logger.error('The invocation failed.', request.error as Error);
    },
  };
}
