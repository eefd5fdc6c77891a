import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { type DynamoDbSubject, freshKey, type Item, streamArnOf } from './subject.ts';

const refused = { name: 'ValidationException' };

async function refusesItem({ client, table: TableName }: DynamoDbSubject, more: Item, message?: string) {
  const put = new PutItemCommand({ TableName, Item: { ...freshKey(), ...more } });
  const expected =
    message === undefined ? refused : { ...refused, message: expect.stringContaining(message) };
  await expect(client.send(put)).rejects.toMatchObject(expected);
}

/** Settings of a table, its limits and its change stream. */
export const tableSuite: WireSuite<DynamoDbSubject> = {
  'describes the table that it was told to make': async ({ client, table }) => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table).toMatchObject({
      TableName: table,
      TableStatus: 'ACTIVE',
      TableArn: expect.stringMatching(new RegExp(`^arn:aws:dynamodb:[\\w-]+:\\d{12}:table/${table}$`)),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [{ IndexName: 'by-status', IndexStatus: 'ACTIVE' }],
    });
    expect(Table?.LatestStreamArn).toMatch(new RegExp(`table/${table}/stream/\\d{4}-`));
    expect(Table?.CreationDateTime).toBeInstanceOf(Date);
  },

  'says that a table is missing': async ({ client }) => {
    const missing = { name: 'ResourceNotFoundException' };
    const get = new GetItemCommand({ TableName: 'nowhere', Key: freshKey() });
    await expect(client.send(get)).rejects.toMatchObject(missing);
    const describe = new DescribeTableCommand({ TableName: 'nowhere' });
    await expect(client.send(describe)).rejects.toMatchObject(missing);
  },

  'has the time to live that it was given': async ({ client, table: TableName }) => {
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  },

  'refuses to enable time to live twice': async ({ client, table: TableName }) => {
    const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
    const again = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification });
    await expect(client.send(again)).rejects.toMatchObject({
      ...refused,
      message: 'TimeToLive is already enabled',
    });
  },

  'takes an item of 400 KB, and refuses a larger one': async (subject) => {
    await refusesItem(subject, { big: { S: 'x'.repeat(410_000) } }, 'Item size has exceeded');
    const Item = { ...freshKey(), big: { S: 'x'.repeat(400_000) } };
    await expect(
      subject.client.send(new PutItemCommand({ TableName: subject.table, Item })),
    ).resolves.toBeDefined();
  },

  'refuses an empty key': (subject) => refusesItem(subject, { pk: { S: '' } }, 'empty string value'),
  'refuses a key of another type': (subject) => refusesItem(subject, { sk: { N: '1' } }, 'Type mismatch'),
  'refuses an empty set': (subject) => refusesItem(subject, { tags: { SS: [] } }),
  'refuses a set with the same element twice': (subject) =>
    refusesItem(subject, { tags: { SS: ['a', 'a'] } }, 'duplicates'),
  'refuses a number of more than 38 digits': (subject) =>
    refusesItem(subject, { v: { N: '1'.repeat(39) } }, '38'),
  'refuses a number that is none': (subject) => refusesItem(subject, { v: { N: 'x' } }),
  'refuses an index key of another type': (subject) =>
    refusesItem(subject, { status: { N: '1' } }, 'Type mismatch'),

  'takes empty texts that are no keys': async ({ client, table: TableName }) => {
    const Key = freshKey();
    await client.send(new PutItemCommand({ TableName, Item: { ...Key, v: { S: '' }, l: { L: [] } } }));
    const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
    expect(Item).toEqual({ ...Key, v: { S: '' }, l: { L: [] } });
  },

  'refuses a key that lacks a part': async ({ client, table: TableName }) => {
    const get = new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } });
    await expect(client.send(get)).rejects.toMatchObject(refused);
  },

  'refuses more than 25 writes in a batch': async ({ client, table }) => {
    const requests = Array.from({ length: 26 }, () => ({ PutRequest: { Item: freshKey() } }));
    const batch = new BatchWriteItemCommand({ RequestItems: { [table]: requests } });
    await expect(client.send(batch)).rejects.toMatchObject(refused);
  },

  'refuses the same item twice in a batch': async ({ client, table }) => {
    const Item = freshKey();
    const requests = [{ PutRequest: { Item } }, { PutRequest: { Item } }];
    const batch = new BatchWriteItemCommand({ RequestItems: { [table]: requests } });
    await expect(client.send(batch)).rejects.toMatchObject(refused);
  },

  'tells its stream of each change in order, with what was and what is': async (subject) => {
    const { client, table: TableName } = subject;
    const Key = freshKey();
    const [first, second] = [
      { ...Key, v: { N: '1' } },
      { ...Key, v: { N: '2' } },
    ];
    await client.send(new PutItemCommand({ TableName, Item: first }));
    await client.send(new PutItemCommand({ TableName, Item: second }));
    // Nothing changes here, so that nothing is told.
    await client.send(new PutItemCommand({ TableName, Item: second }));
    await client.send(new DeleteItemCommand({ TableName, Key }));
    const told = (await subject.readStream(await streamArnOf(subject))).filter(
      ({ dynamodb }) => dynamodb?.Keys?.['pk']?.S === Key.pk.S,
    );
    expect(told.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(told.map(({ dynamodb }) => [dynamodb?.OldImage, dynamodb?.NewImage])).toEqual([
      [undefined, first],
      [first, second],
      [second, undefined],
    ]);
    for (const { dynamodb, ...record } of told) {
      expect(record).toMatchObject({ eventSource: 'aws:dynamodb', eventVersion: '1.1' });
      expect(dynamodb).toMatchObject({ Keys: Key, StreamViewType: 'NEW_AND_OLD_IMAGES' });
    }
    const numbers = told.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? ''));
    expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  },
};
