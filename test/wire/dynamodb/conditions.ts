import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { type DynamoDbSubject, freshKey, type Item, readItem } from './subject.ts';

const absent = 'attribute_not_exists(pk)';
const failed = { name: 'ConditionalCheckFailedException', message: 'The conditional request failed' };

/** Whether a condition holds on an item that is known. */
const onItem: readonly (readonly [string, boolean])[] = [
  ['attribute_exists(aMap.aPart)', true],
  ['attribute_exists(aMap.bPart)', false],
  ['attribute_not_exists(aText)', false],
  ['attribute_type(aText, :typeS)', true],
  ['begins_with(aText, :ab)', true],
  ['begins_with(aText, :b)', false],
  ['contains(aText, :b)', true],
  ['contains(tags, :b)', true],
  ['contains(aList, :two)', true],
  ['size(aList) > :two', true],
  ['size(aText) = :two', false],
  ['amount BETWEEN :two AND :ten', true],
  ['amount IN (:two, :ten)', false],
  ['amount = :five', true],
  ['aText < :b', true],
  // Another type is never smaller or larger, and always unequal.
  ['aText > :two', false],
  ['aText <> :two', true],
  ['anAbsent = :two', false],
  ['anAbsent <> :two', true],
  ['NOT (amount < :two OR amount > :ten) AND aText <> :b', true],
  ['aList[1] = :two', true],
];
const item: Item = {
  amount: { N: '5.0' },
  aText: { S: 'abc' },
  aList: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
  aMap: { M: { aPart: { S: 'x' } } },
  tags: { SS: ['a', 'b'] },
};
const values: Item = {
  ':typeS': { S: 'S' },
  ':ab': { S: 'ab' },
  ':b': { S: 'b' },
  ':two': { N: '2' },
  ':five': { N: '5' },
  ':ten': { N: '10' },
};

/** The values that an expression names; DynamoDB refuses others. */
export function valuesOf(expression: string, all: Item): Item {
  const used = Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
  return Object.fromEntries(used);
}

/** Conditional writes: optimistic locks, inboxes and unique names stand on them. */
export const conditionSuite: WireSuite<DynamoDbSubject> = {
  'lets one of twenty racing writers win': async ({ client, table: TableName }) => {
    const put = new PutItemCommand({ TableName, Item: freshKey(), ConditionExpression: absent });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => client.send(put)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(new Set(refused.map(({ name }) => name))).toEqual(new Set([failed.name]));
  },

  'loses no increment of concurrent writers': async (subject) => {
    const Key = freshKey();
    const add = new UpdateItemCommand({
      TableName: subject.table,
      Key,
      UpdateExpression: 'ADD amount :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    await Promise.all(Array.from({ length: 64 }, () => subject.client.send(add)));
    expect((await readItem(subject, Key))?.['amount']).toEqual({ N: '64' });
  },

  'hands back the item that made a write fail, where that is asked for': async (subject) => {
    const stored = { ...freshKey(), v: { N: '1' } };
    const { client, table: TableName } = subject;
    await client.send(new PutItemCommand({ TableName, Item: stored }));
    const refused = new PutItemCommand({
      TableName,
      Item: { ...stored, v: { N: '2' } },
      ConditionExpression: absent,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(client.send(refused)).rejects.toMatchObject({ ...failed, Item: stored });
    expect(await readItem(subject, { pk: stored.pk, sk: stored.sk })).toEqual(stored);
  },

  'hands back nothing where that is not asked for': async ({ client, table: TableName }) => {
    const Item = freshKey();
    await client.send(new PutItemCommand({ TableName, Item }));
    const error = await client
      .send(new PutItemCommand({ TableName, Item, ConditionExpression: absent }))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject(failed);
    expect((error as { Item?: Item }).Item).toBeUndefined();
  },

  'fails an update of an item that is not there, and creates nothing': async (subject) => {
    const Key = freshKey();
    const update = new UpdateItemCommand({
      TableName: subject.table,
      Key,
      UpdateExpression: 'SET v = :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    await expect(subject.client.send(update)).rejects.toMatchObject(failed);
    expect(await readItem(subject, Key)).toBeUndefined();
  },

  'deletes only what is as expected, and hands back what it was': async (subject) => {
    const { client, table: TableName } = subject;
    const Key = freshKey();
    await client.send(new PutItemCommand({ TableName, Item: { ...Key, v: { N: '1' } } }));
    const remove = (version: string) =>
      client.send(
        new DeleteItemCommand({
          TableName,
          Key,
          ConditionExpression: 'v = :v',
          ExpressionAttributeValues: { ':v': { N: version } },
          ReturnValues: 'ALL_OLD',
        }),
      );
    await expect(remove('2')).rejects.toMatchObject(failed);
    expect((await remove('1')).Attributes).toEqual({ ...Key, v: { N: '1' } });
    expect(await readItem(subject, Key)).toBeUndefined();
  },

  ...Object.fromEntries(
    onItem.map(([condition, holds]) => [
      `finds that ${condition} ${holds ? 'holds' : 'does not hold'}`,
      async ({ client, table: TableName }: DynamoDbSubject) => {
        const Key = freshKey();
        await client.send(new PutItemCommand({ TableName, Item: { ...Key, ...item } }));
        const write = client.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: 'SET touched = :five',
            ConditionExpression: condition,
            ExpressionAttributeValues: valuesOf(`${condition} :five`, values),
          }),
        );
        if (holds) await expect(write).resolves.toBeDefined();
        else await expect(write).rejects.toMatchObject(failed);
      },
    ]),
  ),
};
