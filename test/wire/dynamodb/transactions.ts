import { randomUUID } from 'node:crypto';
import {
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { type DynamoDbSubject, freshKey, type Item, readItem } from './subject.ts';

const absent = 'attribute_not_exists(pk)';
const cancelled = 'TransactionCanceledException';

function transact({ client }: DynamoDbSubject, items: TransactWriteItem[], token?: string) {
  return client.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token }));
}
const put = ({ table: TableName }: DynamoDbSubject, Item: Item, more: object = {}) => ({
  Put: { TableName, Item, ...more },
});
const increment = ({ table: TableName }: DynamoDbSubject, Key: Item) => ({
  Update: {
    TableName,
    Key,
    UpdateExpression: 'ADD amount :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});
const store = ({ client, table: TableName }: DynamoDbSubject, Item: Item) =>
  client.send(new PutItemCommand({ TableName, Item }));

/** Transactions: state and event leave the services in one. */
export const transactionSuite: WireSuite<DynamoDbSubject> = {
  'writes, updates, deletes and checks in one': async (subject) => {
    const [written, updated, deleted, checked] = [freshKey(), freshKey(), freshKey(), freshKey()];
    await store(subject, deleted);
    await store(subject, checked);
    const { table: TableName } = subject;
    await transact(subject, [
      put(subject, written),
      increment(subject, updated),
      { Delete: { TableName, Key: deleted } },
      { ConditionCheck: { TableName, Key: checked, ConditionExpression: 'attribute_exists(pk)' } },
    ]);
    expect(await readItem(subject, written)).toEqual(written);
    expect(await readItem(subject, updated)).toEqual({ ...updated, amount: { N: '1' } });
    expect(await readItem(subject, deleted)).toBeUndefined();
  },

  'writes nothing where one condition fails, and gives a reason for each item': async (subject) => {
    const [taken, free] = [freshKey(), freshKey()];
    await store(subject, taken);
    const failing = transact(subject, [
      put(subject, free),
      put(subject, taken, { ConditionExpression: absent }),
    ]);
    await expect(failing).rejects.toMatchObject({
      name: cancelled,
      message: expect.stringContaining('specific reasons [None, ConditionalCheckFailed]'),
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      ],
    });
    expect(await readItem(subject, free)).toBeUndefined();
  },

  'gives the item that made it fail, where that is asked for': async (subject) => {
    const taken = { ...freshKey(), v: { N: '1' } };
    await store(subject, taken);
    const condition = { ConditionExpression: absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    const failing = transact(subject, [put(subject, taken, condition), put(subject, freshKey())]);
    await expect(failing).rejects.toMatchObject({
      name: cancelled,
      CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: taken }, { Code: 'None' }],
    });
  },

  'gives the reasons of all conditions that fail': async (subject) => {
    const [one, two] = [freshKey(), freshKey()];
    await store(subject, one);
    await store(subject, two);
    const condition = { ConditionExpression: absent };
    await expect(
      transact(subject, [put(subject, one, condition), put(subject, two, condition)]),
    ).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'ConditionalCheckFailed' }],
    });
  },

  'checks an item that it does not change': async (subject) => {
    const checked = freshKey();
    const check = {
      ConditionCheck: {
        TableName: subject.table,
        Key: checked,
        ConditionExpression: 'attribute_exists(pk)',
      },
    };
    const written = freshKey();
    await expect(transact(subject, [put(subject, written), check])).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    await store(subject, checked);
    await transact(subject, [put(subject, written), check]);
    expect(await readItem(subject, written)).toEqual(written);
  },

  'is undone by an error that only the last item shows': async (subject) => {
    const [first, text] = [freshKey(), freshKey()];
    await store(subject, { ...text, amount: { S: 'no number' } });
    await expect(transact(subject, [put(subject, first), increment(subject, text)])).rejects.toMatchObject({
      name: cancelled,
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    expect(await readItem(subject, first)).toBeUndefined();
  },

  'with a token is done once': async (subject) => {
    const Key = freshKey();
    const token = randomUUID();
    await transact(subject, [increment(subject, Key)], token);
    await transact(subject, [increment(subject, Key)], token);
    expect((await readItem(subject, Key))?.['amount']).toEqual({ N: '1' });
  },

  'refuses a token that served another request': async (subject) => {
    const token = randomUUID();
    await transact(subject, [increment(subject, freshKey())], token);
    await expect(transact(subject, [increment(subject, freshKey())], token)).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  },

  'refuses the same item twice': async (subject) => {
    const Item = freshKey();
    await expect(transact(subject, [put(subject, Item), put(subject, Item)])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  },

  'takes a hundred items, not a hundred and one': async (subject) => {
    const items = Array.from({ length: 101 }, () => put(subject, freshKey()));
    await expect(transact(subject, items)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(transact(subject, items.slice(1))).resolves.toBeDefined();
  },

  'refuses an item without its sort key, and writes nothing': async (subject) => {
    const [other, { pk }] = [freshKey(), freshKey()];
    const error = await transact(subject, [put(subject, other), put(subject, { pk })]).catch(
      (reason: unknown) => reason,
    );
    expect((error as Error).name).toMatch(/^(ValidationException|TransactionCanceledException)$/);
    expect(await readItem(subject, other)).toBeUndefined();
  },

  'refuses an item of two actions': async (subject) => {
    const both = { ...put(subject, freshKey()), ...increment(subject, freshKey()) };
    await expect(transact(subject, [both])).rejects.toMatchObject({ name: 'ValidationException' });
  },

  'refuses a table that is not there': async (subject) => {
    const nowhere = put({ ...subject, table: 'nowhere' }, freshKey());
    await expect(transact(subject, [nowhere])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  },

  'reads several items as one, with nothing where none is': async (subject) => {
    const [there, missing] = [freshKey(), freshKey()];
    await store(subject, there);
    const { table: TableName } = subject;
    const { Responses } = await subject.client.send(
      new TransactGetItemsCommand({
        TransactItems: [{ Get: { TableName, Key: there } }, { Get: { TableName, Key: missing } }],
      }),
    );
    expect(Responses?.map(({ Item }) => Item)).toEqual([there, undefined]);
  },

  'lets one of two that write the same item at once win or both, never half of one': async (subject) => {
    const [one, two] = [freshKey(), freshKey()];
    const write = (v: string) =>
      transact(subject, [
        put(subject, { ...one, v: { S: v } }, { ConditionExpression: absent }),
        put(subject, { ...two, v: { S: v } }, { ConditionExpression: absent }),
      ]);
    await Promise.allSettled(['a', 'b', 'c', 'd'].map(write));
    const [first, second] = [await readItem(subject, one), await readItem(subject, two)];
    expect(first?.['v']).toBeDefined();
    expect(first?.['v']).toEqual(second?.['v']);
  },
};
