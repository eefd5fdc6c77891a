import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { AppError, type ErrorDetails } from '#shared/kernel/errors.ts';
import { conditionExpression, namesAndValues, valuesOf } from './conditions.ts';
import { inboxItem, outboxItem } from './outbox.ts';
import { conflictAttempts, pause, whileThrottled } from './retries.ts';
import {
  AlreadyConsumed,
  type Commit,
  type Item,
  type Key,
  keyOf,
  type PutOptions,
  type Write,
} from './table-types.ts';

/** Puts one item by itself, once what stands in its way has gone. */
export async function putWithRetry(
  client: DynamoDBDocumentClient,
  tableName: string,
  item: Item,
  options: PutOptions,
): Promise<void> {
  const input = { TableName: tableName, Item: item, ...conditionOf(options) };
  await writeWithRetry(tableName, () => client.send(new PutCommand(input)), options);
}

/** Deletes one item by itself, once what stands in its way has gone; true where there was one. */
export async function deleteWithRetry(
  client: DynamoDBDocumentClient,
  tableName: string,
  key: Key,
  options: PutOptions,
): Promise<boolean> {
  const input = {
    TableName: tableName,
    Key: keyOf(key),
    ReturnValues: 'ALL_OLD' as const,
    ...conditionOf(options),
  };
  const { Attributes } = await writeWithRetry(
    tableName,
    () => client.send(new DeleteCommand(input)),
    options,
  );
  return Attributes !== undefined;
}

const conditionOf = ({ when }: PutOptions) => (when ? namesAndValues(conditionExpression(when)) : {});

async function writeWithRetry<T>(
  tableName: string,
  write: () => Promise<T>,
  { otherwise }: PutOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await whileThrottled(tableName, write);
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'ConditionalCheckFailedException') throw otherwise ?? conditionFailed({}, error);
      if (name !== 'TransactionConflictException') throw error;
      if (attempt === conflictAttempts) throw transactionConflict(tableName, error);
      await pause(attempt);
    }
  }
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Writes all or nothing, once what stands in its way has gone. */
export async function commitWithRetry(
  client: DynamoDBDocumentClient,
  tableName: string,
  commit: Commit,
): Promise<void> {
  const items: TransactItem[] = [
    ...commit.writes.map((write) => transactItem(tableName, write)),
    ...(commit.events ?? []).map((event) => ({ Put: { TableName: tableName, Item: outboxItem(event) } })),
    ...(commit.consumed
      ? [
          {
            Put: {
              TableName: tableName,
              Item: inboxItem(commit.consumed),
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ]
      : []),
  ];
  if (items.length === 0) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await whileThrottled(tableName, () => client.send(new TransactWriteCommand({ TransactItems: items })));
      return;
    } catch (error) {
      const reasons = cancellationReasons(error);
      if (!reasons) throw error;
      throwFailedCondition(commit, reasons, error);
      if (attempt === conflictAttempts) throw transactionConflict(tableName, error);
      await pause(attempt);
    }
  }
}

const transactionConflict = (tableName: string, cause: unknown): AppError =>
  new AppError(
    'conflict',
    'TransactionConflict',
    `Others were writing the same items of ${tableName}. Try again.`,
    {},
    { cause },
  );

const conditionFailed = (details: ErrorDetails, cause: unknown): AppError =>
  new AppError(
    'conflict',
    'ConditionFailed',
    'The item changed since it was read. Read it again and repeat.',
    details,
    { cause },
  );

function cancellationReasons(error: unknown): readonly string[] | undefined {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return undefined;
  const reasons = (error as Error & { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  return reasons.map((reason) => reason.Code ?? 'None');
}

/** Why a transaction is cancelled that may be tried again, or whose condition says what to throw. */
const expectedReasons: ReadonlySet<string> = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** Throws what the first failed condition means; returns when no condition failed (a mere conflict between writers). */
function throwFailedCondition(commit: Commit, reasons: readonly string[], cause: unknown): void {
  const unexpected = reasons.find((code) => !expectedReasons.has(code));
  if (unexpected) throw cause;
  if (commit.consumed && reasons.at(-1) === 'ConditionalCheckFailed')
    throw new AlreadyConsumed(commit.consumed.consumer, commit.consumed.eventId);
  const failed = reasons.indexOf('ConditionalCheckFailed');
  if (failed === -1) return;
  throw commit.writes[failed]?.otherwise ?? conditionFailed({ write: failed }, cause);
}

function transactItem(tableName: string, write: Write): TransactItem {
  const condition = write.when ? conditionExpression(write.when) : {};
  if ('put' in write) return { Put: { TableName: tableName, Item: write.put, ...namesAndValues(condition) } };
  if ('delete' in write)
    return { Delete: { TableName: tableName, Key: keyOf(write.delete), ...namesAndValues(condition) } };
  if ('check' in write) {
    return {
      ConditionCheck: {
        TableName: tableName,
        Key: keyOf(write.check),
        ConditionExpression: '',
        ...namesAndValues(condition),
      },
    };
  }
  const set = Object.entries(write.set);
  return {
    Update: {
      TableName: tableName,
      Key: keyOf(write.update),
      UpdateExpression: updateExpression(set),
      ...(condition.expression ? { ConditionExpression: condition.expression } : {}),
      ExpressionAttributeNames: {
        ...Object.fromEntries(set.map(([name], i) => [`#s${i}`, name])),
        ...condition.names,
      },
      ...valuesOf({
        ...Object.fromEntries(
          set.flatMap(([, value], i) => (value === undefined ? [] : [[`:s${i}`, value]])),
        ),
        ...condition.values,
      }),
    },
  };
}

/** `undefined` removes an attribute. */
function updateExpression(set: readonly (readonly [string, unknown])[]): string {
  const sets = set.flatMap(([, value], i) => (value === undefined ? [] : [`#s${i} = :s${i}`]));
  const removes = set.flatMap(([, value], i) => (value === undefined ? [`#s${i}`] : []));
  return [sets.length ? `SET ${sets.join(', ')}` : '', removes.length ? `REMOVE ${removes.join(', ')}` : '']
    .join(' ')
    .trim();
}
