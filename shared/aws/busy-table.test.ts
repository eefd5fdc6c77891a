import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createTable } from './table.ts';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/** A client that answers one command after the other; the last answer for all that follow. */
function clientOf(...answers: readonly ((input: object) => unknown)[]) {
  const asked: string[] = [];
  const send = async (command: Command) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(command.constructor.name);
    return answer(command.input);
  };
  return { client: { send } as unknown as DynamoDBDocumentClient, asked };
}

const failure = (name: string, more: object = {}) => Object.assign(new Error(name), { name }, more);
const fail = (error: Error) => () => {
  throw error;
};
const throttled = fail(failure('ProvisionedThroughputExceededException'));
const keys = [
  { pk: 'a', sk: 's' },
  { pk: 'b', sk: 's' },
];
const [a, b] = keys as [(typeof keys)[0], (typeof keys)[0]];

describe('a busy table', () => {
  it('is asked again for what it left out, and for nothing else', async () => {
    const { client, asked } = clientOf(
      throttled,
      () => ({ Responses: { t: [a] }, UnprocessedKeys: { t: { Keys: [b] } } }),
      (input) => ({
        Responses: { t: (input as { RequestItems: { t: { Keys: unknown[] } } }).RequestItems.t.Keys },
      }),
    );
    expect(await createTable(client, 't').getAll(keys)).toEqual([a, b]);
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['leaves keys out for good', () => ({ UnprocessedKeys: { t: { Keys: [b] } } })],
    ['throttles for good', throttled],
  ])('that %s is given up after a few tries', async (_what, answer) => {
    const { client, asked } = clientOf(answer);
    await expect(createTable(client, 't').getAll(keys)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'TableBusy',
    });
    expect(asked).toHaveLength(6);
  });

  it('gets puts, deletes and transactions again', async () => {
    const table = (answer: () => unknown) => createTable(clientOf(throttled, throttled, answer).client, 't');
    await table(() => ({})).put(a);
    expect(await table(() => ({ Attributes: a })).delete(a)).toBe(true);
    expect(await table(() => ({})).delete(a)).toBe(false);
    await table(() => ({})).commit({ writes: [{ put: a }] });
    const cancelled = clientOf(
      fail(
        failure('TransactionCanceledException', {
          CancellationReasons: [{ Code: 'ProvisionedThroughputExceeded' }],
        }),
      ),
      () => ({}),
    );
    await createTable(cancelled.client, 't').commit({ writes: [{ put: a }] });
    expect(cancelled.asked).toHaveLength(2);
  });

  it('does not hide that a condition does not hold', async () => {
    const { client } = clientOf(throttled, fail(failure('ConditionalCheckFailedException')));
    await expect(
      createTable(client, 't').delete(a, { when: { absentOrAtMost: { rank: 'r1' } } }),
    ).rejects.toMatchObject({ code: 'ConditionFailed' });
  });
});
