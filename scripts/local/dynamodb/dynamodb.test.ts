import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AwsRequest } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { createDynamoDb } from './index.ts';

let dataDir: string;
let nowMs: number;
let dynamodb: ReturnType<typeof createDynamoDb>;

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-dynamodb-'));
  nowMs = Date.UTC(2026, 0, 1);
  await open();
});
afterEach(async () => {
  await dynamodb.stop();
  rmSync(dataDir, { recursive: true });
});

async function open() {
  dynamodb = createDynamoDb(makeTestContext({ dataDir, now: () => nowMs }));
  await dynamodb.start();
}
async function restart() {
  await dynamodb.stop();
  await open();
}

const properties = {
  TableName: 'notes',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
};
const declare = (more: object = {}) =>
  dynamodb.provision({
    stackName: 's',
    logicalId: 'Notes',
    type: 'AWS::DynamoDB::Table',
    properties: { ...properties, ...more },
  });

function request(operation: string, input: object): AwsRequest {
  const body = Buffer.from(JSON.stringify(input));
  return {
    requestId: 'r',
    method: 'POST',
    rawPath: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
    get stream(): never {
      throw new Error('the body is read as bytes');
    },
    bytes: async () => body,
    principal: { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' },
    signingName: 'dynamodb',
  };
}
async function call(operation: string, input: object): Promise<Record<string, unknown>> {
  const { body } = await dynamodb.handle(request(operation, input));
  return JSON.parse(String(body)) as Record<string, unknown>;
}
const put = (id: string, more: object = {}) =>
  call('PutItem', { TableName: 'notes', Item: { id: { S: id }, ...more } });
const get = async (id: string) =>
  (await call('GetItem', { TableName: 'notes', Key: { id: { S: id } } }))['Item'];

describe('writes at the same time', () => {
  it('each see what those before them wrote', async () => {
    const { attributes } = await declare();
    const first = await Promise.allSettled(
      Array.from({ length: 150 }, (_none, by) =>
        call('PutItem', {
          TableName: 'notes',
          Item: { id: { S: 'a' }, by: { N: String(by) }, count: { N: '0' } },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      ),
    );
    expect(first.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await Promise.all(
      Array.from({ length: 150 }, () =>
        call('UpdateItem', {
          TableName: 'notes',
          Key: { id: { S: 'a' } },
          UpdateExpression: 'ADD #count :one',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      ),
    );
    await restart();
    expect(await get('a')).toMatchObject({ by: { N: '0' }, count: { N: '150' } });
    const records = await dynamodb.readStream(attributes['StreamArn'] ?? '', '0', 1000);
    expect(records.map(({ dynamodb: { NewImage } }) => NewImage?.['count'])).toEqual(
      Array.from({ length: 151 }, (_none, count) => ({ N: String(count) })),
    );
  });

  it('do one transaction once that comes twice', async () => {
    await declare();
    const ConditionExpression = 'attribute_not_exists(id)';
    const twice = {
      ClientRequestToken: 'token',
      TransactItems: [{ Put: { TableName: 'notes', Item: { id: { S: 'a' } }, ConditionExpression } }],
    };
    await Promise.all([call('TransactWriteItems', twice), call('TransactWriteItems', twice)]);
    expect(await get('a')).toBeDefined();
  });
});

describe('a condition that came before', () => {
  const putWith = (ConditionExpression: string, values: object, more: object = {}) =>
    call('PutItem', {
      TableName: 'notes',
      Item: { id: { S: 'a' }, rank: { S: 'm' } },
      ConditionExpression,
      ExpressionAttributeNames: { '#rank': 'rank' },
      ExpressionAttributeValues: values,
      ...more,
    });
  beforeEach(async () => {
    await declare();
    await put('a', { rank: { S: 'm' } });
  });

  it('is decided by the values of each request', async () => {
    const atMost = 'attribute_not_exists(id) OR #rank <= :rank';
    await putWith(atMost, { ':rank': { S: 'm' } });
    await expect(putWith(atMost, { ':rank': { S: 'l' } })).rejects.toThrow('The conditional request failed');
    await putWith(atMost, { ':rank': { S: 'n' } });
  });

  it('takes numbers in any form, and refuses what is no number', async () => {
    const equal = 'attribute_exists(id) AND (NOT #rank = :rank)';
    await putWith(equal, { ':rank': { N: '1' } });
    await putWith(equal, { ':rank': { N: '0.10e1' } });
    await expect(putWith(equal, { ':rank': { N: 'one' } })).rejects.toThrow(
      'cannot be converted to a numeric value',
    );
  });

  it('is checked anew where names, types or other members differ, or where values count', async () => {
    const smaller = '#rank < :rank';
    await putWith(smaller, { ':rank': { S: 'n' } });
    await expect(putWith(smaller, { ':rank': { S: 'n' }, ':more': { S: 'n' } })).rejects.toThrow('unused');
    await expect(putWith(smaller, { ':rank': { S: 'n', N: '1' } })).rejects.toThrow(
      'more than one datatypes',
    );
    await expect(putWith(smaller, { ':rank': { S: 'n' } }, { Expected: {} })).rejects.toThrow(
      'Can not use both',
    );
    const between = '#rank BETWEEN :from AND :to';
    await putWith(between, { ':from': { S: 'a' }, ':to': { S: 'z' } });
    await expect(putWith(between, { ':from': { S: 'z' }, ':to': { S: 'a' } })).rejects.toThrow('upper bound');
  });
});

describe('the change stream', () => {
  it('tells every change once, in order, with both images', async () => {
    const { attributes } = await declare();
    const streamArn = attributes['StreamArn'] ?? '';
    await put('a', { v: { N: '1' } });
    await put('a', { v: { N: '2' } });
    await put('a', { v: { N: '2' } });
    await call('DeleteItem', { TableName: 'notes', Key: { id: { S: 'a' } } });
    const records = await dynamodb.readStream(streamArn, '0', 100);
    expect(records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    expect(records[1]).toMatchObject({
      eventSourceARN: streamArn,
      dynamodb: {
        Keys: { id: { S: 'a' } },
        OldImage: { v: { N: '1' } },
        NewImage: { v: { N: '2' } },
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        ApproximateCreationDateTime: nowMs / 1000,
      },
    });
    const sequences = records.map((record) => record.dynamodb.SequenceNumber);
    expect(sequences).toEqual([...new Set(sequences)].sort());
    const rest = await dynamodb.readStream(streamArn, sequences[0] ?? '', 1);
    expect(rest.map(({ eventName }) => eventName)).toEqual(['MODIFY']);
    expect(await dynamodb.latestSequenceNumber(streamArn)).toBe(sequences[2]);
  });

  it('tells nothing of a transaction that was cancelled', async () => {
    const { attributes } = await declare();
    const item = (id: string, ConditionExpression?: string) => ({
      Put: { TableName: 'notes', Item: { id: { S: id } }, ConditionExpression },
    });
    const TransactItems = [item('a'), item('b', 'attribute_exists(id)')];
    await expect(call('TransactWriteItems', { TransactItems })).rejects.toThrow('Transaction cancelled');
    expect(await dynamodb.readStream(attributes['StreamArn'] ?? '', '0', 10)).toEqual([]);
  });

  it('goes on with growing numbers after a restart, and after all records have expired', async () => {
    const { attributes } = await declare();
    const streamArn = attributes['StreamArn'] ?? '';
    await put('a');
    const [first] = await dynamodb.readStream(streamArn, '0', 10);
    await restart();
    expect((await declare()).attributes['StreamArn']).toBe(streamArn);
    expect(await dynamodb.readStream(streamArn, '0', 10)).toEqual([first]);
    nowMs += 25 * 60 * 60 * 1000;
    expect(await dynamodb.readStream(streamArn, '0', 10)).toEqual([]);
    await put('b');
    const [second] = await dynamodb.readStream(streamArn, first?.dynamodb.SequenceNumber ?? '', 10);
    expect(second?.dynamodb.Keys).toEqual({ id: { S: 'b' } });
  });

  it('calls its listeners once for what was written together, until they unsubscribe', async () => {
    const { attributes } = await declare();
    const listener = vi.fn();
    const unsubscribe = dynamodb.onStreamRecord(attributes['StreamArn'] ?? '', listener);
    const Put = (id: string) => ({ Put: { TableName: 'notes', Item: { id: { S: id } } } });
    await call('TransactWriteItems', { TransactItems: [Put('a'), Put('b')] });
    await vi.waitUntil(() => listener.mock.calls.length > 0);
    unsubscribe();
    await put('c');
    expect(listener).toHaveBeenCalledOnce();
  });

  it('of an unknown ARN is ResourceNotFoundException', async () => {
    await expect(
      dynamodb.readStream('arn:aws:dynamodb:us-east-1:0:table/x/stream/y', '0', 1),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('time to live', () => {
  it('removes expired items, and the stream names the service that did', async () => {
    const ttl = { TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } };
    const { attributes } = await declare(ttl);
    const seconds = (offset: number) => ({ until: { N: String(nowMs / 1000 + offset) } });
    await put('old', seconds(60));
    await put('new', seconds(3600));
    await put('renewed', seconds(60));
    await put('renewed', seconds(3600));
    nowMs += 120_000;
    await dynamodb.resume?.();
    await vi.waitUntil(async () => (await get('old')) === undefined);
    expect(await get('new')).toBeDefined();
    expect(await get('renewed')).toBeDefined();
    const removal = (await dynamodb.readStream(attributes['StreamArn'] ?? '', '0', 100)).at(-1);
    expect(removal).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { Keys: { id: { S: 'old' } } },
    });
  });

  it('counts for items that were there before it was switched on', async () => {
    await declare();
    await put('old', { until: { N: String(nowMs / 1000 - 60) } });
    await call('UpdateTimeToLive', {
      TableName: 'notes',
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    });
    await dynamodb.resume?.();
    await vi.waitUntil(async () => (await get('old')) === undefined);
  });
});

describe('a declared table', () => {
  it('keeps items, tags and its id over a restart', async () => {
    const first = await declare({ Tags: [{ Key: 'team', Value: 'data' }] });
    await put('a', { v: { S: 'kept' } });
    await restart();
    const second = await declare({ Tags: [{ Key: 'team', Value: 'data' }] });
    expect(second).toEqual(first);
    expect(await get('a')).toEqual({ id: { S: 'a' }, v: { S: 'kept' } });
    const { Tags } = await call('ListTagsOfResource', { ResourceArn: first.attributes['Arn'] });
    expect(Tags).toEqual([{ Key: 'team', Value: 'data' }]);
  });

  it('gets a new stream when the view changes', async () => {
    const first = await declare();
    nowMs += 1000;
    const second = await declare({ StreamSpecification: { StreamViewType: 'KEYS_ONLY' } });
    expect(second.attributes['StreamArn']).not.toBe(first.attributes['StreamArn']);
  });

  it('cannot change its key, and says so', async () => {
    await declare();
    const KeySchema = [{ AttributeName: 'other', KeyType: 'HASH' }];
    const AttributeDefinitions = [{ AttributeName: 'other', AttributeType: 'S' }];
    await expect(declare({ KeySchema, AttributeDefinitions })).rejects.toThrow(
      'The key of table notes is id (HASH, S) and cannot become other (HASH, S).',
    );
  });

  it('that is protected cannot be dropped', async () => {
    await declare({ DeletionProtectionEnabled: true });
    await expect(call('DeleteTable', { TableName: 'notes' })).rejects.toThrow('protected against deletion');
  });

  it.each([
    ['AWS::DynamoDB::Table', { ImportSourceSpecification: {} }, /ImportSourceSpecification/],
    [
      'AWS::DynamoDB::GlobalTable',
      { Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] },
      /Replicas/,
    ],
  ])('of type %s refuses what is not imitated', async (type, more, message) => {
    const declaration = { stackName: 's', logicalId: 'T', type, properties: { ...properties, ...more } };
    await expect(dynamodb.provision(declaration)).rejects.toThrow(message);
  });
});

describe('permissions', () => {
  const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/notes';
  const key = { id: { S: 'k' } };
  const leading = { 'dynamodb:LeadingKeys': 'k' };

  it.each([
    [
      'GetItem',
      { TableName: 'notes', Key: key },
      [{ action: 'dynamodb:GetItem', resource: arn, context: leading }],
    ],
    [
      'Query',
      { TableName: 'notes', IndexName: 'by' },
      [{ action: 'dynamodb:Query', resource: `${arn}/index/by` }],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Update: { TableName: 'notes', Key: key } },
          { ConditionCheck: { TableName: arn, Key: key } },
        ],
      },
      [
        { action: 'dynamodb:UpdateItem', resource: arn, context: leading },
        { action: 'dynamodb:ConditionCheckItem', resource: arn, context: leading },
      ],
    ],
    [
      'BatchWriteItem',
      { RequestItems: { notes: [{ DeleteRequest: { Key: key } }] } },
      [{ action: 'dynamodb:BatchWriteItem', resource: arn, context: leading }],
    ],
    ['ListTables', {}, [{ action: 'dynamodb:ListTables', resource: '*' }]],
  ])('of %s name actions, resources and leading keys', async (operation, input, expected) => {
    await declare();
    expect(await dynamodb.authorize(request(operation, input))).toEqual(expected);
  });
});

describe('what is not imitated', () => {
  it('is named in a NotImplemented error', async () => {
    await expect(call('ExecuteStatement', {})).rejects.toMatchObject({ name: 'NotImplemented', status: 501 });
  });
});
