import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { OutboxItem } from '#shared/aws/outbox.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { loggedFailure } from './event.ts';

/** PutEvents takes at most 10 entries. */
const entriesPerCall = 10;

/**
 * The outbox publisher of a service: reads new outbox items off the table’s stream and puts them on the bus, in order. Reports
 * the first record that could not be published, so that the stream continues from there: at least once, never lost.
 */
export function outboxPublisher(client: EventBridgeClient, busName: string) {
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>()
    .use(loggedFailure())
    .handler(async (event) => {
      for (let from = 0; from < event.Records.length; from += entriesPerCall) {
        const records = event.Records.slice(from, from + entriesPerCall);
        const failed = await publish(client, busName, records);
        if (failed) return { batchItemFailures: [{ itemIdentifier: failed.dynamodb?.SequenceNumber ?? '' }] };
      }
      return { batchItemFailures: [] };
    });
}

/** Publishes up to ten records; returns the first that the bus did not take. */
async function publish(
  client: EventBridgeClient,
  busName: string,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBRecord | undefined> {
  const items = records.map(
    (record) => unmarshall(record.dynamodb?.NewImage as Parameters<typeof unmarshall>[0]) as OutboxItem,
  );
  const { Entries = [] } = await client.send(
    new PutEventsCommand({
      Entries: items.map((item) => ({
        EventBusName: busName,
        Source: item.source,
        DetailType: item.detailType,
        Detail: item.detail,
      })),
    }),
  );
  const failedIndex = Entries.findIndex((entry) => entry.ErrorCode !== undefined);
  if (failedIndex === -1) return undefined;
  logger.warn('The bus did not take an event; it is tried again.', {
    entry: Entries[failedIndex],
    outboxItem: items[failedIndex]?.pk,
  });
  return records[failedIndex];
}
