import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** A record of a change stream, in the form that functions and GetRecords see it in. */
export interface ChangeRecord {
  readonly eventName?: string;
  readonly eventSource?: string;
  readonly eventVersion?: string;
  readonly awsRegion?: string;
  readonly dynamodb?: {
    readonly Keys?: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber?: string;
    readonly StreamViewType?: string;
  };
}

/** Reads a change stream from its oldest record. */
export type ReadStream = (streamArn: string) => Promise<readonly ChangeRecord[]>;

/** What the cases of DynamoDB work on. */
export interface DynamoDbSubject {
  readonly client: DynamoDBClient;
  /** Keys `pk` and `sk` (strings), index `by-status` on `status` and `sk`, stream of both images, time to live in `expiresAt`. */
  readonly table: string;
  /** Keys `pk` (string) and `n` (number). */
  readonly numbers: string;
  readonly readStream: ReadStream;
}

/** Makes the tables of the suite, with names of their own. */
export async function prepareDynamoDb(
  client: DynamoDBClient,
  readStream: ReadStream,
): Promise<DynamoDbSubject> {
  const table = `orders-${randomUUID().slice(0, 8)}`;
  const numbers = `numbers-${randomUUID().slice(0, 8)}`;
  await create(client, ordersTable(table));
  await create(client, {
    TableName: numbers,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'n', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'n', KeyType: 'RANGE' },
    ],
  });
  const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
  return { client, table, numbers, readStream };
}

async function create(client: DynamoDBClient, input: CreateTableCommandInput): Promise<void> {
  await client.send(new CreateTableCommand(input));
  const waiter = { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  await waitUntilTableExists(waiter, { TableName: input.TableName });
}

function ordersTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'status', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-status',
        KeySchema: [
          { AttributeName: 'status', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

/** A key of the table that no other case has. */
export const freshKey = (sk = 'a') => ({ pk: { S: randomUUID() }, sk: { S: sk } });

/** The item as it stands, read consistently. */
export async function readItem({ client, table }: DynamoDbSubject, Key: Item): Promise<Item | undefined> {
  return (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
}

/** The ARN of the table's change stream. */
export async function streamArnOf({ client, table }: DynamoDbSubject): Promise<string> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  return Table?.LatestStreamArn ?? '';
}
