import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResourceDeclaration } from '../emulated-service.ts';
import { type ServedServices, serveServices } from '../testing/serve-one.ts';
import { createDynamoDb } from './index.ts';

type Served = ServedServices<readonly [ReturnType<typeof createDynamoDb>]>;

const table = 'orders';
let served: Served;
let client: DynamoDBClient;

const declaration: ResourceDeclaration = {
  stackName: 'test',
  logicalId: 'Orders',
  type: 'AWS::DynamoDB::GlobalTable',
  properties: {
    TableName: table,
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
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    Replicas: [
      {
        Region: 'us-east-1',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
      },
    ],
  },
};

beforeAll(async () => {
  served = await serveServices([createDynamoDb]);
  client = clientOf(served);
  await served.services[0].provision(declaration);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

function clientOf({ url }: { url: string }): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

const key = (pk: string, sk = 'a') => ({ pk: { S: pk }, sk: { S: sk } });

describe('a table of the template', () => {
  it('is described as AWS describes it', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',
      DeletionProtectionEnabled: true,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [{ IndexName: 'by-status', IndexStatus: 'ACTIVE' }],
    });
    expect(Table?.LatestStreamArn).toMatch(/table\/orders\/stream\/\d{4}-/);
    expect(Table?.CreationDateTime).toBeInstanceOf(Date);
  });

  it('has the time to live and the backups that the template asks for', async () => {
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName: table }));
    expect(
      backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    ).toBe('ENABLED');
  });

  it('takes changes of time to live and backups by the API', async () => {
    await expect(
      client.send(
        new UpdateTimeToLiveCommand({
          TableName: table,
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException', message: 'TimeToLive is already enabled' });
    const changed = await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: table,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
      }),
    );
    expect(changed.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.RecoveryPeriodInDays).toBe(
      7,
    );
  });

  it('keeps its items when it is declared again, and fills an index that is new', async () => {
    await client.send(new PutItemCommand({ TableName: table, Item: { ...key('kept'), kind: { S: 'k' } } }));
    const { AttributeDefinitions, GlobalSecondaryIndexes, ...rest } = declaration.properties;
    const again = await served.services[0].provision({
      ...declaration,
      properties: {
        ...rest,
        AttributeDefinitions: [
          ...(AttributeDefinitions as object[]),
          { AttributeName: 'kind', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          ...(GlobalSecondaryIndexes as object[]),
          {
            IndexName: 'by-kind',
            KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      },
    });
    expect(again.ref).toBe(table);
    const found = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :k',
        ExpressionAttributeValues: { ':k': { S: 'k' } },
      }),
    );
    expect(found.Items).toEqual([{ ...key('kept'), kind: { S: 'k' } }]);
  });
});

describe('errors', () => {
  it('say that a table is missing, as AWS says it', async () => {
    await expect(
      client.send(new GetItemCommand({ TableName: 'nowhere', Key: key('a') })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Requested resource not found' });
    await expect(client.send(new DescribeTableCommand({ TableName: 'nowhere' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: nowhere not found',
    });
  });

  it.each([
    [
      'a key of another shape',
      { Key: { pk: { S: 'a' } } },
      'The provided key element does not match the schema',
    ],
    [
      'an unknown name in an expression',
      { Key: key('a'), ProjectionExpression: '#x' },
      /An expression attribute name used in the document path is not defined; attribute name: #x/,
    ],
  ])('reject %s with ValidationException', async (_what, input, message) => {
    await expect(client.send(new GetItemCommand({ TableName: table, ...input }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

describe('conditions', () => {
  it('let one of twenty racing writers win', async () => {
    const put = () =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: key('race'),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    const results = await Promise.allSettled(Array.from({ length: 20 }, put));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lose no increment of sixteen concurrent writers', async () => {
    const add = () =>
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key('counter'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      );
    await Promise.all(Array.from({ length: 64 }, add));
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key('counter') }));
    expect(Item?.['n']).toEqual({ N: '64' });
  });

  it('hand back the item that made them fail, where that is asked for', async () => {
    await client.send(new PutItemCommand({ TableName: table, Item: { ...key('old'), v: { N: '1' } } }));
    const failing = new PutItemCommand({
      TableName: table,
      Item: key('old'),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(client.send(failing)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { ...key('old'), v: { N: '1' } },
    });
  });
});

describe('queries and batches', () => {
  it('page through an index, newest first', async () => {
    const items = Array.from({ length: 25 }, (_unused, i) => ({
      ...key('q', String(i).padStart(2, '0')),
      status: { S: 'open' },
    }));
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
    const found: string[] = [];
    let start: QueryCommand['input']['ExclusiveStartKey'];
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'by-status',
          KeyConditionExpression: '#s = :open AND sk BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#s': 'status' },
          ExpressionAttributeValues: { ':open': { S: 'open' }, ':from': { S: '05' }, ':to': { S: '20' } },
          ScanIndexForward: false,
          Limit: 7,
          ExclusiveStartKey: start,
        }),
      );
      found.push(...(page.Items ?? []).map((item) => String(item['sk']?.S)));
      start = page.LastEvaluatedKey;
    } while (start);
    expect(found).toEqual(Array.from({ length: 16 }, (_unused, i) => String(20 - i).padStart(2, '0')));
  });

  it('read what was written in a batch and scan with a filter', async () => {
    const got = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key('q', '01'), key('q', '99')] } } }),
    );
    expect(got.Responses?.[table]).toEqual([{ ...key('q', '01'), status: { S: 'open' } }]);
    const scanned = await client.send(
      new ScanCommand({
        TableName: table,
        FilterExpression: 'pk = :q',
        ExpressionAttributeValues: { ':q': { S: 'q' } },
        Select: 'COUNT',
      }),
    );
    expect(scanned.Count).toBe(25);
  });
});

describe('transactions', () => {
  const put = (pk: string, condition?: string) => ({
    Put: {
      TableName: table,
      Item: key(pk),
      ...(condition === undefined
        ? {}
        : { ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
    },
  });
  const exists = async (pk: string) =>
    (await client.send(new GetItemCommand({ TableName: table, Key: key(pk) }))).Item !== undefined;

  it('write all items or none, with a reason for each', async () => {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put('t1'), put('t2')] }));
    expect(await exists('t2')).toBe(true);
    const failing = new TransactWriteItemsCommand({
      TransactItems: [put('t3'), put('t1', 'attribute_not_exists(pk)')],
    });
    await expect(client.send(failing)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: key('t1') }],
    });
    expect(await exists('t3')).toBe(false);
  });

  it('are undone by an error that only the last item shows', async () => {
    await client.send(
      new PutItemCommand({ TableName: table, Item: { ...key('text'), n: { S: 'no number' } } }),
    );
    const failing = new TransactWriteItemsCommand({
      TransactItems: [
        put('t4'),
        {
          Update: {
            TableName: table,
            Key: key('text'),
            UpdateExpression: 'ADD n :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    });
    await expect(client.send(failing)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await exists('t4')).toBe(false);
  });

  it('with a token are done once; the token cannot serve another request', async () => {
    const increment = (pk: string) =>
      new TransactWriteItemsCommand({
        ClientRequestToken: 'token-1',
        TransactItems: [
          {
            Update: {
              TableName: table,
              Key: key(pk),
              UpdateExpression: 'ADD n :one',
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          },
        ],
      });
    await client.send(increment('once'));
    await client.send(increment('once'));
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key('once') }));
    expect(Item?.['n']).toEqual({ N: '1' });
    await expect(client.send(increment('other'))).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  });

  it('refuse the same item twice and more than a hundred items', async () => {
    await expect(
      client.send(new TransactWriteItemsCommand({ TransactItems: [put('same'), put('same')] })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    const many = Array.from({ length: 101 }, (_unused, i) => put(`m${i}`));
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: many }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('check a condition on an item that they do not change', async () => {
    const check = (condition: string) => ({
      ConditionCheck: { TableName: table, Key: key('t1'), ConditionExpression: condition },
    });
    await client.send(
      new TransactWriteItemsCommand({ TransactItems: [put('t5'), check('attribute_exists(pk)')] }),
    );
    await expect(
      client.send(
        new TransactWriteItemsCommand({ TransactItems: [put('t6'), check('attribute_not_exists(pk)')] }),
      ),
    ).rejects.toMatchObject({ CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }] });
    const { Responses } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName: table, Key: key('t5') } },
          { Get: { TableName: table, Key: key('t6') } },
        ],
      }),
    );
    expect(Responses).toEqual([{ Item: key('t5') }, {}]);
  });
});
