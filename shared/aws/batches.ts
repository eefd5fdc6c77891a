import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { isStorable } from './key-limits.ts';
import { conflictAttempts, pause, tableBusy, whileThrottled } from './retries.ts';
import { type Item, type Key, keyOf } from './table-types.ts';

/** Limits of BatchGetItem and BatchWriteItem. */
const maxKeysPerRead = 100;
const maxWritesPerBatch = 25;

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

/** The items of these keys that there are, in any order. Throws TableBusy (unavailable) where part of the keys stay unprocessed. */
export async function readAll<T extends Item>(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
): Promise<T[]> {
  const chunks = chunksOf(keys.filter(isStorable), maxKeysPerRead);
  return (await Promise.all(chunks.map((chunk) => readBatch<T>(client, tableName, chunk)))).flat();
}

/** Deletes the items of these keys, those that there are. Throws TableBusy (unavailable) where part of them stay unprocessed. */
export async function deleteAll(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
): Promise<void> {
  for (const chunk of chunksOf(keys, maxWritesPerBatch)) await deleteBatch(client, tableName, chunk);
}

/** A batch may be answered in part, where it is big or the table is busy: the rest is asked for again. */
async function readBatch<T extends Item>(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
): Promise<T[]> {
  const found: T[] = [];
  let missing: Record<string, unknown>[] = keys.map(keyOf) as unknown as Record<string, unknown>[];
  for (let attempt = 0; missing.length > 0; attempt++) {
    if (attempt === conflictAttempts) throw tableBusy(tableName);
    if (attempt > 0) await pause(attempt);
    const { Responses, UnprocessedKeys } = await whileThrottled(tableName, () =>
      client.send(
        new BatchGetCommand({ RequestItems: { [tableName]: { Keys: missing, ConsistentRead: true } } }),
      ),
    );
    found.push(...((Responses?.[tableName] ?? []) as T[]));
    missing = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
}

async function deleteBatch(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
): Promise<void> {
  let requests: NonNullable<BatchWriteCommandInput['RequestItems']>[string] = keys.map((key) => ({
    DeleteRequest: { Key: keyOf(key) },
  }));
  for (let attempt = 0; requests.length > 0; attempt++) {
    if (attempt === conflictAttempts) throw tableBusy(tableName);
    if (attempt > 0) await pause(attempt);
    const { UnprocessedItems } = await whileThrottled(tableName, () =>
      client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } })),
    );
    requests = UnprocessedItems?.[tableName] ?? [];
  }
}
