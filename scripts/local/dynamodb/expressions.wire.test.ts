import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedServices, serveServices } from '../testing/serve-one.ts';
import { createDynamoDb } from './index.ts';

let served: ServedServices<readonly [ReturnType<typeof createDynamoDb>]>;
let client: DynamoDBClient;
const TableName = 'expressions';

beforeAll(async () => {
  served = await serveServices([createDynamoDb]);
  client = new DynamoDBClient({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await served.services[0].provision({
    stackName: 'test',
    logicalId: 'T',
    type: 'AWS::DynamoDB::Table',
    properties: {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'n', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'n', KeyType: 'RANGE' },
      ],
    },
  });
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

type Item = Record<string, AttributeValue>;
const key = { pk: { S: 'item' }, n: { N: '1' } };
const start: Item = {
  ...key,
  count: { N: '5' },
  aText: { S: 'abc' },
  aList: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
  aMap: { M: { aPart: { S: 'x' } } },
  tags: { SS: ['a', 'b'] },
};
const values: Item = {
  ':one': { N: '1' },
  ':s': { S: 's' },
  ':l': { L: [{ N: '4' }] },
  ':set': { SS: ['b', 'c'] },
  ':max': { N: '10' },
};

function used(expression: string): Item | undefined {
  const names = Object.keys(values).filter((name) => new RegExp(`${name}\\b`).test(expression));
  return names.length === 0
    ? undefined
    : Object.fromEntries(names.map((name) => [name, values[name] as AttributeValue]));
}
const reset = () => client.send(new PutItemCommand({ TableName, Item: start }));
const update = (UpdateExpression: string, ConditionExpression?: string) =>
  client.send(
    new UpdateItemCommand({
      TableName,
      Key: key,
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeValues: used(`${UpdateExpression} ${ConditionExpression ?? ''}`),
      ExpressionAttributeNames: /#c/.test(UpdateExpression + ConditionExpression)
        ? { '#c': 'count' }
        : undefined,
      ReturnValues: 'ALL_NEW',
    }),
  );

describe('update expressions', () => {
  it.each<[string, Item]>([
    ['SET #c = #c + :one', { count: { N: '6' } }],
    ['SET #c = if_not_exists(absent, :max)', { count: { N: '10' } }],
    [
      'SET aList = list_append(aList, :l)',
      { aList: { L: [{ N: '1' }, { N: '2' }, { N: '3' }, { N: '4' }] } },
    ],
    ['SET aList[1] = :s', { aList: { L: [{ N: '1' }, { S: 's' }, { N: '3' }] } }],
    ['SET aMap.aPart = :s, aMap.more = :one', { aMap: { M: { aPart: { S: 's' }, more: { N: '1' } } } }],
    ['REMOVE aList[0]', { aList: { L: [{ N: '2' }, { N: '3' }] } }],
    ['ADD #c :one', { count: { N: '6' } }],
    ['ADD fresh :one', { fresh: { N: '1' } }],
    ['ADD tags :set', { tags: { SS: ['a', 'b', 'c'] } }],
    ['DELETE tags :set', { tags: { SS: ['a'] } }],
  ])('%s', async (expression, expected) => {
    await reset();
    const { Attributes } = await update(expression);
    expect(Attributes).toMatchObject(expected);
  });

  it.each([
    ['SET aText = aText + :one', /incorrect data type/],
    ['SET #c = :one SET aText = :s', /section .*only.*once|The "SET" section can only be used once/i],
    ['SET aMap = :s, aMap.aPart = :s', /overlap/i],
    ['SET absent.aPart = :s', /document path provided in the update expression is invalid/],
    ['SET pk = :s', /Cannot update attribute pk. This attribute is part of the key/],
    ['SET aText = absent', /attribute that does not exist in the item/],
    ['SET count = :one', /reserved keyword: count/],
    ['SET', /Syntax error/],
  ])('%s is refused', async (expression, message) => {
    await reset();
    await expect(update(expression)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });
});

describe('condition expressions', () => {
  it.each([
    ['attribute_exists(aMap.aPart)', true],
    ['attribute_not_exists(aText)', false],
    ['begins_with(aText, :s)', false],
    ['contains(tags, :s)', false],
    ['size(aList) > :one', true],
    ['#c BETWEEN :one AND :max', true],
    ['#c IN (:one, :max)', false],
    ['NOT (#c < :one OR #c > :max) AND aText <> :s', true],
  ])('%s is %s', async (condition, holds) => {
    await reset();
    const write = update('SET touched = :one', condition);
    if (holds) await expect(write).resolves.toBeDefined();
    else await expect(write).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });
});

describe('limits and reads', () => {
  it('refuse an item of more than 400 KB', async () => {
    const Item = { ...key, big: { S: 'x'.repeat(410_000) } };
    await expect(client.send(new PutItemCommand({ TableName, Item }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });

  it('refuse more than 25 writes in a batch and empty key values', async () => {
    const requests = Array.from({ length: 26 }, (_unused, n) => ({
      PutRequest: { Item: { pk: { S: 'b' }, n: { N: String(n) } } },
    }));
    await expect(
      client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      client.send(new PutItemCommand({ TableName, Item: { pk: { S: '' }, n: { N: '1' } } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('order numbers as numbers, page at 1 MB and split a parallel scan', async () => {
    const numbers = ['-10', '-2.5', '0', '3', '20', '1e3'];
    for (const n of numbers) {
      const Item = { pk: { S: 'sorted' }, n: { N: n }, pad: { S: 'x'.repeat(300_000) } };
      await client.send(new PutItemCommand({ TableName, Item }));
    }
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'sorted' } },
      ProjectionExpression: 'n',
    };
    const first = await client.send(new QueryCommand(query));
    expect(first.LastEvaluatedKey).toBeDefined();
    const second = await client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
    );
    const found = [...(first.Items ?? []), ...(second.Items ?? [])].map((item) => Number(item['n']?.N));
    expect(found).toEqual(numbers.map(Number));
    const segments = await Promise.all(
      [0, 1].map((Segment) =>
        client.send(new ScanCommand({ TableName, Segment, TotalSegments: 2, Select: 'COUNT' })),
      ),
    );
    const whole = await client.send(new ScanCommand({ TableName, ProjectionExpression: 'pk' }));
    expect(segments.length).toBe(2);
    expect(whole.Items?.length).toBeGreaterThan(0);
  });

  it('refuse a filter on a key attribute', async () => {
    const query = new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :p',
      FilterExpression: 'n > :p',
      ExpressionAttributeValues: { ':p': { S: 'sorted' } },
    });
    await expect(client.send(query)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Filter Expression can only contain non-primary key attributes'),
    });
  });

  it('give parts of an item by a projection', async () => {
    await reset();
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: key, ProjectionExpression: 'aMap.aPart, aList[2]' }),
    );
    expect(Item).toEqual({ aMap: { M: { aPart: { S: 'x' } } }, aList: { L: [{ N: '3' }] } });
  });
});
