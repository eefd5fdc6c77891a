import {
  BatchWriteItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { type DynamoDbSubject, freshKey, type Item } from './subject.ts';

/** Writes so many items below one key, with sort keys 00, 01, …, all of one status. */
export async function writeItems({ client, table }: DynamoDbSubject, count: number) {
  const { pk } = freshKey();
  const status = { S: `open-${pk.S}` };
  const items = Array.from({ length: count }, (_unused, i) => ({
    pk,
    sk: { S: String(i).padStart(2, '0') },
    status,
    size: { N: String(i) },
  }));
  for (let at = 0; at < count; at += 25) {
    const requests = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
  return { pk, status };
}

async function queryAll({ client, table }: DynamoDbSubject, input: Omit<QueryCommandInput, 'TableName'>) {
  const [found, pages]: [Item[], number[]] = [[], []];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({ ...input, TableName: table, ExclusiveStartKey }),
    );
    found.push(...(page.Items ?? []));
    pages.push(page.Items?.length ?? 0);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return { sortKeys: found.map((item) => item['sk']?.S), pages, items: found };
}
/** A query of all below a key. */
export const ofKey = (pk: { S: string }) => ({
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': pk },
});

/** Queries of a table and of its index. */
export const querySuite: WireSuite<DynamoDbSubject> = {
  'pages through an index, newest first': async (subject) => {
    const { status } = await writeItems(subject, 25);
    const { sortKeys, pages } = await queryAll(subject, {
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :open AND sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':open': status, ':from': { S: '05' }, ':to': { S: '20' } },
      ScanIndexForward: false,
      Limit: 7,
    });
    expect(sortKeys).toEqual(Array.from({ length: 16 }, (_unused, i) => String(20 - i).padStart(2, '0')));
    expect(pages).toEqual([7, 7, 2]);
  },

  'gives the key of table and index where a page of an index ends': async (subject) => {
    const { pk, status } = await writeItems(subject, 2);
    const page = await subject.client.send(
      new QueryCommand({
        TableName: subject.table,
        IndexName: 'by-status',
        KeyConditionExpression: '#s = :open',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':open': status },
        Limit: 1,
      }),
    );
    expect(page.LastEvaluatedKey).toEqual({ pk, sk: { S: '00' }, status });
  },

  'leaves out of an index what has no index key': async (subject) => {
    const { status } = await writeItems(subject, 1);
    await subject.client.send(new PutItemCommand({ TableName: subject.table, Item: freshKey() }));
    const { items } = await queryAll(subject, {
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :open',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':open': status },
    });
    expect(items).toHaveLength(1);
  },

  'reads what begins with a text': async (subject) => {
    const { pk } = await writeItems(subject, 12);
    const { sortKeys } = await queryAll(subject, {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :one)',
      ExpressionAttributeValues: { ':pk': pk, ':one': { S: '1' } },
    });
    expect(sortKeys).toEqual(['10', '11']);
  },

  'counts the limit before the filter': async (subject) => {
    const { pk } = await writeItems(subject, 4);
    const page = await subject.client.send(
      new QueryCommand({
        TableName: subject.table,
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: '#size > :one',
        ExpressionAttributeNames: { '#size': 'size' },
        ExpressionAttributeValues: { ':pk': pk, ':one': { N: '1' } },
        Limit: 3,
      }),
    );
    expect([page.Count, page.ScannedCount]).toEqual([1, 3]);
    expect(page.LastEvaluatedKey).toMatchObject({ sk: { S: '02' } });
  },

  'counts without giving the items': async (subject) => {
    const { pk } = await writeItems(subject, 3);
    const input = { TableName: subject.table, ...ofKey(pk), Select: 'COUNT' as const };
    const page = await subject.client.send(new QueryCommand(input));
    expect([page.Count, page.Items]).toEqual([3, undefined]);
  },

  'refuses a filter on a key attribute': async (subject) => {
    const query = new QueryCommand({
      TableName: subject.table,
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: 'sk > :pk',
      ExpressionAttributeValues: { ':pk': { S: 'x' } },
    });
    await expect(subject.client.send(query)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Filter Expression can only contain non-primary key attributes'),
    });
  },

  'refuses a query of a part of the key': async (subject) => {
    const query = new QueryCommand({
      TableName: subject.table,
      KeyConditionExpression: 'sk = :x',
      ExpressionAttributeValues: { ':x': { S: 'x' } },
    });
    await expect(subject.client.send(query)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Query condition missed key schema element'),
    });
  },

  'refuses an index that is not there': async (subject) => {
    const query = new QueryCommand({ TableName: subject.table, IndexName: 'by-x', ...ofKey({ S: 'x' }) });
    await expect(subject.client.send(query)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('The table does not have the specified index: by-x'),
    });
  },

  'refuses a consistent read of an index': async (subject) => {
    const query = new QueryCommand({
      TableName: subject.table,
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': { S: 'x' } },
      ConsistentRead: true,
    });
    await expect(subject.client.send(query)).rejects.toMatchObject({ name: 'ValidationException' });
  },
};
