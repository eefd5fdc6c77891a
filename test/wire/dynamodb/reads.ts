import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { ofKey, writeItems } from './queries.ts';
import { type DynamoDbSubject, freshKey } from './subject.ts';

/** Reads of parts, batches, scans and large pages. */
export const readSuite: WireSuite<DynamoDbSubject> = {
  'gives parts of an item by a projection': async ({ client, table: TableName }) => {
    const Key = freshKey();
    const parts = { aMap: { M: { a: { S: 'x' }, b: { S: 'y' } } }, aList: { L: [{ N: '1' }, { N: '2' }] } };
    await client.send(new PutItemCommand({ TableName, Item: { ...Key, ...parts } }));
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key, ProjectionExpression: 'aMap.a, aList[1]' }),
    );
    expect(Item).toEqual({ aMap: { M: { a: { S: 'x' } } }, aList: { L: [{ N: '2' }] } });
  },

  'reads and deletes in batches': async (subject) => {
    const { client, table } = subject;
    const { pk } = await writeItems(subject, 2);
    const Keys = ['00', '01', '99'].map((sk) => ({ pk, sk: { S: sk } }));
    const read = async () =>
      (await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } }))).Responses?.[
        table
      ];
    expect(await read()).toHaveLength(2);
    const requests = Keys.map((Key) => ({ DeleteRequest: { Key } }));
    const done = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    expect(done.UnprocessedItems ?? {}).toEqual({});
    expect(await read()).toEqual([]);
  },

  'scans with a filter': async (subject) => {
    const { pk } = await writeItems(subject, 3);
    const { Count } = await subject.client.send(
      new ScanCommand({
        TableName: subject.table,
        FilterExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        Select: 'COUNT',
      }),
    );
    expect(Count).toBe(3);
  },

  'splits a parallel scan so that each item is seen once': async (subject) => {
    await writeItems(subject, 5);
    const { client, table: TableName } = subject;
    const count = async (more: object) =>
      (await client.send(new ScanCommand({ TableName, Select: 'COUNT', ...more }))).Count ?? 0;
    const segments = await Promise.all([0, 1].map((Segment) => count({ Segment, TotalSegments: 2 })));
    expect(segments.reduce((sum, one) => sum + one)).toBe(await count({}));
  },

  'orders numbers as numbers and ends a page at 1 MB': async ({ client, numbers: TableName }) => {
    const { pk } = freshKey();
    const inOrder = ['-10', '-2.5', '0', '3', '20', '1e3'];
    for (const n of inOrder) {
      const Item = { pk, n: { N: n }, pad: { S: 'x'.repeat(300_000) } };
      await client.send(new PutItemCommand({ TableName, Item }));
    }
    const query = { TableName, ...ofKey(pk), ProjectionExpression: 'n' };
    const first = await client.send(new QueryCommand(query));
    const { LastEvaluatedKey: ExclusiveStartKey } = first;
    expect(ExclusiveStartKey).toBeDefined();
    const second = await client.send(new QueryCommand({ ...query, ExclusiveStartKey }));
    const found = [...(first.Items ?? []), ...(second.Items ?? [])].map((item) => Number(item['n']?.N));
    expect(found).toEqual(inOrder.map(Number));
  },
};
