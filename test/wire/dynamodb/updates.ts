import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { valuesOf } from './conditions.ts';
import { type DynamoDbSubject, freshKey, type Item, readItem } from './subject.ts';

const start: Item = {
  amount: { N: '5' },
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
  ':all': { SS: ['a', 'b'] },
  ':none': { NULL: true },
};

const right: readonly (readonly [expression: string, changed: Item])[] = [
  ['SET amount = amount + :one', { amount: { N: '6' } }],
  ['SET amount = amount - :one', { amount: { N: '4' } }],
  ['SET fresh = if_not_exists(absent, :one)', { fresh: { N: '1' } }],
  ['SET amount = if_not_exists(amount, :one)', { amount: { N: '5' } }],
  ['SET fresh = if_not_exists(absent, :one) + :one', { fresh: { N: '2' } }],
  ['SET aList = list_append(aList, :l)', { aList: { L: [{ N: '1' }, { N: '2' }, { N: '3' }, { N: '4' }] } }],
  ['SET aList = list_append(:l, aList)', { aList: { L: [{ N: '4' }, { N: '1' }, { N: '2' }, { N: '3' }] } }],
  ['SET aList[1] = :s', { aList: { L: [{ N: '1' }, { S: 's' }, { N: '3' }] } }],
  ['SET aList[9] = :s', { aList: { L: [{ N: '1' }, { N: '2' }, { N: '3' }, { S: 's' }] } }],
  ['SET aMap.aPart = :s, aMap.more = :one', { aMap: { M: { aPart: { S: 's' }, more: { N: '1' } } } }],
  // Every part sees the item as it was.
  ['SET aText = :s, former = aText', { aText: { S: 's' }, former: { S: 'abc' } }],
  ['SET fresh = :none', { fresh: { NULL: true } }],
  ['REMOVE aList[0]', { aList: { L: [{ N: '2' }, { N: '3' }] } }],
  ['REMOVE aMap.aPart', { aMap: { M: {} } }],
  ['ADD amount :one', { amount: { N: '6' } }],
  ['ADD fresh :one', { fresh: { N: '1' } }],
  ['ADD tags :set', { tags: { SS: ['a', 'b', 'c'] } }],
  ['DELETE tags :set', { tags: { SS: ['a'] } }],
  ['SET aText = :s REMOVE aList ADD amount :one', { aText: { S: 's' }, amount: { N: '6' } }],
];

const wrong: readonly (readonly [expression: string, message: RegExp])[] = [
  ['SET aText = aText + :one', /incorrect data type/i],
  ['SET amount = :one SET aText = :s', /The "SET" section can only be used once/i],
  ['SET aMap = :s, aMap.aPart = :s', /overlap/i],
  ['SET absent.aPart = :s', /document path provided in the update expression is invalid/],
  ['SET pk = :s', /Cannot update attribute pk. This attribute is part of the key/],
  ['SET aText = absent', /attribute that does not exist in the item/],
  ['SET count = :one', /reserved keyword: count/],
  ['SET', /Syntax error/],
  ['ADD aText :one', /incorrect data type|Type mismatch/i],
  ['SET aText = :s, aList = nothing(:one)', /Invalid function name/],
];

const update = async ({ client, table: TableName }: DynamoDbSubject, Key: Item, expression: string) =>
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: expression,
      ...(expression.includes(':') && { ExpressionAttributeValues: valuesOf(expression, values) }),
      ReturnValues: 'ALL_NEW',
    }),
  );

async function stored({ client, table: TableName }: DynamoDbSubject): Promise<Item> {
  const Key = freshKey();
  await client.send(new PutItemCommand({ TableName, Item: { ...Key, ...start } }));
  return Key;
}

/** Update expressions, and how wrong ones are refused. */
export const updateSuite: WireSuite<DynamoDbSubject> = {
  ...Object.fromEntries(
    right.map(([expression, changed]) => [
      `updates by ${expression}`,
      async (subject: DynamoDbSubject) => {
        const { Attributes = {} } = await update(subject, await stored(subject), expression);
        Attributes['tags']?.SS?.sort();
        expect(Attributes).toMatchObject(changed);
      },
    ]),
  ),
  ...Object.fromEntries(
    wrong.map(([expression, message]) => [
      `refuses ${expression}, and changes nothing`,
      async (subject: DynamoDbSubject) => {
        const Key = await stored(subject);
        await expect(update(subject, Key, expression)).rejects.toMatchObject({
          name: 'ValidationException',
          message: expect.stringMatching(message),
        });
        expect(await readItem(subject, Key)).toMatchObject({ ...start, tags: { SS: expect.anything() } });
      },
    ]),
  ),

  'removes a set with its last element': async (subject) => {
    const { Attributes } = await update(subject, await stored(subject), 'DELETE tags :all');
    expect(Attributes).not.toHaveProperty('tags');
  },

  'creates the item that an update does not find': async (subject) => {
    const Key = freshKey();
    expect((await update(subject, Key, 'SET v = :one')).Attributes).toEqual({ ...Key, v: { N: '1' } });
  },

  'hands back the changed attributes, as they were and as they are': async (subject) => {
    const Key = await stored(subject);
    const change = (ReturnValues: 'UPDATED_OLD' | 'UPDATED_NEW') =>
      subject.client.send(
        new UpdateItemCommand({
          TableName: subject.table,
          Key,
          UpdateExpression: 'SET amount = amount + :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValues,
        }),
      );
    expect((await change('UPDATED_OLD')).Attributes).toEqual({ amount: { N: '5' } });
    expect((await change('UPDATED_NEW')).Attributes).toEqual({ amount: { N: '7' } });
  },

  'refuses a value that the expression does not use': async ({ client, table: TableName }) => {
    const unused = new UpdateItemCommand({
      TableName,
      Key: freshKey(),
      UpdateExpression: 'SET v = :one',
      ExpressionAttributeValues: { ':one': { N: '1' }, ':two': { N: '2' } },
    });
    await expect(client.send(unused)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('unused in expressions: keys: {:two}'),
    });
  },

  'refuses a name in an expression that is not defined': async ({ client, table: TableName }) => {
    const undefinedName = new UpdateItemCommand({
      TableName,
      Key: freshKey(),
      UpdateExpression: 'SET #x = :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    await expect(client.send(undefinedName)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('not defined; attribute name: #x'),
    });
  },
};
