import middy from '@middy/core';
import type { KinesisStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { parseOrThrow } from '#shared/contracts/call.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { loggedFailure } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { recordsMessage } from '../contract.ts';
import { recordsEnvironment } from '../env.ts';
import { cachedDefinitions } from '../store/cached-definitions.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createRecordStore } from '../store/record-store.ts';
import { receiveRecords } from '../use-cases/receive-records.ts';

const table = createTable(documentClient(), readEnvironment(recordsEnvironment).TABLE_NAME);
const deps = {
  definitions: cachedDefinitions(createDefinitionStore(table), systemClock),
  records: createRecordStore(table),
  clock: systemClock,
};

interface Message {
  /** What names it in the answer. */
  readonly id: string;
  readonly body: string;
}

/** Messages of the queue, or of a Kinesis stream. */
const messagesOf = (event: SQSEvent | KinesisStreamEvent): Message[] =>
  event.Records.map((record) =>
    'kinesis' in record
      ? {
          id: record.kinesis.sequenceNumber,
          body: Buffer.from(record.kinesis.data, 'base64').toString('utf8'),
        }
      : { id: record.messageId, body: record.body },
  );

async function isTaken({ id, body }: Message): Promise<boolean> {
  try {
    const message = parseOrThrow(recordsMessage, JSON.parse(body), 'InvalidMessage', 'The message');
    await receiveRecords(deps, message);
    return true;
  } catch (error) {
    logger.warn('A message of records could not be taken.', { message: id, error: error as Error });
    return false;
  }
}

/**
 * Takes messages of records off the queue or off a Kinesis stream. A message that cannot be taken comes again, alone, and goes to the
 * dead-letter queue in the end; those before and after it are taken.
 */
export const handler = middy<SQSEvent | KinesisStreamEvent, SQSBatchResponse>()
  .use(loggedFailure())
  .handler(async (event) => {
    const messages = messagesOf(event);
    const taken = await Promise.all(messages.map(isTaken));
    return {
      batchItemFailures: messages
        .filter((_message, index) => !taken[index])
        .map(({ id }) => ({ itemIdentifier: id })),
    };
  });
