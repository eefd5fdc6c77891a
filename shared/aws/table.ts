import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError, type ErrorDetails } from '#shared/kernel/errors.ts';
import { encodePageToken, type Page } from '#shared/kernel/paging.ts';
import { isStorable } from './key-limits.ts';
import { inboxItem, outboxItem } from './outbox.ts';
import { startKeyOf } from './start-key.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type Item = Key & Record<string, unknown>;

/** What must hold for a write. `equals` compares attributes; an attribute expected to be `undefined` must not exist. */
export type Condition =
  | { readonly absent: true }
  | { readonly present: true }
  | { readonly equals: Readonly<Record<string, unknown>> }
  /** The attribute is missing (or the whole item), or has the value. */
  | { readonly absentOrEquals: Readonly<Record<string, unknown>> };

/** One write of a transaction; `otherwise` is thrown when its condition does not hold. */
export type Write =
  | { readonly put: Item; readonly when?: Condition; readonly otherwise?: AppError }
  | {
      readonly update: Key;
      readonly set: Readonly<Record<string, unknown>>;
      readonly when?: Condition;
      readonly otherwise?: AppError;
    }
  | { readonly delete: Key; readonly when?: Condition; readonly otherwise?: AppError }
  | { readonly check: Key; readonly when: Condition; readonly otherwise?: AppError };

/** All that one use case changes, atomically: items, the events that tell of it, and the mark that its cause was consumed. */
export interface Commit {
  readonly writes: readonly Write[];
  readonly events?: readonly DomainEvent[];
  readonly consumed?: { readonly consumer: string; readonly eventId: string };
}

/** Thrown when the inbox says that the event was consumed before: the handler answers success. */
export class AlreadyConsumed extends AppError {
  constructor(consumer: string, eventId: string) {
    super('already_exists', 'AlreadyConsumed', `${consumer} consumed event ${eventId} before.`);
  }
}

export interface QueryOptions {
  readonly pk: string;
  readonly skPrefix?: string;
  /** First and last sort key, both included; instead of `skPrefix`. */
  readonly skBetween?: readonly [string, string];
  /** Partition and sort key are gsi1pk and gsi1sk there; reads are eventually consistent. */
  readonly index?: 'gsi1';
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly pageToken?: string;
  readonly consistent?: boolean;
}

/** What must hold for a put by itself. */
export interface PutOptions {
  readonly when?: Condition;
  readonly otherwise?: AppError;
}

/** One service's table: keys `pk`/`sk`, optional index `gsi1` (`gsi1pk`/`gsi1sk`), TTL attribute `expiresAt` (epoch seconds). */
export interface Table {
  get<T extends Item>(key: Key, options?: { consistent?: boolean }): Promise<T | undefined>;
  query<T extends Item>(options: QueryOptions): Promise<Page<T>>;
  /** Writes all or nothing (at most 100 items with events and inbox). Throws the first failed write’s `otherwise`, else ConditionFailed (conflict). */
  commit(commit: Commit): Promise<void>;
  /** Writes one item by itself: half the price and the time of a transaction. Throws `otherwise`, else ConditionFailed (conflict), where `when` does not hold. */
  put(item: Item, options?: PutOptions): Promise<void>;
  /** The items of these keys that there are, in any order, read consistently. */
  getAll<T extends Item>(keys: readonly Key[]): Promise<readonly T[]>;
  /** Deletes items one by one, whatever they hold; those that are gone already are no error. */
  deleteAll(keys: readonly Key[]): Promise<void>;
}

export function createTable(client: DynamoDBDocumentClient, tableName: string): Table {
  return {
    async get<T extends Item>(key: Key, options: { consistent?: boolean } = {}) {
      if (!isStorable(key)) return undefined;
      const { Item } = await client.send(
        new GetCommand({
          TableName: tableName,
          Key: { pk: key.pk, sk: key.sk },
          ConsistentRead: options.consistent ?? true,
        }),
      );
      return Item as T | undefined;
    },
    async query<T extends Item>(options: QueryOptions) {
      if (!isStorable({ pk: options.pk, sk: options.skPrefix ?? '' })) return { items: [] };
      const { names, values, expression } = keyCondition(options);
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tableName,
          ...(options.index ? { IndexName: options.index } : { ConsistentRead: options.consistent ?? false }),
          KeyConditionExpression: expression,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
          ScanIndexForward: !options.newestFirst,
          ...(options.limit === undefined ? {} : { Limit: options.limit }),
          ...(options.pageToken === undefined
            ? {}
            : { ExclusiveStartKey: startKeyOf({ ...options, pageToken: options.pageToken }) }),
        }),
      );
      return {
        items: (Items ?? []) as T[],
        ...(LastEvaluatedKey ? { nextPageToken: encodePageToken(LastEvaluatedKey) } : {}),
      };
    },
    commit: (commit) => commitWithRetry(client, tableName, commit),
    put: (item, options = {}) => putWithRetry(client, tableName, item, options),
    async getAll<T extends Item>(keys: readonly Key[]) {
      const found = await Promise.all(
        chunksOf(keys.filter(isStorable), maxKeysPerRead).map((chunk) =>
          readBatch<T>(client, tableName, chunk),
        ),
      );
      return found.flat();
    },
    async deleteAll(keys) {
      for (const chunk of chunksOf(keys, maxWritesPerBatch)) await deleteBatch(client, tableName, chunk);
    },
  };
}

/** Limits of BatchGetItem and BatchWriteItem. */
const maxKeysPerRead = 100;
const maxWritesPerBatch = 25;

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 40 * 2 ** attempt));

/** A batch may be answered in part, where it is big or the table is busy: the rest is asked for again. */
async function readBatch<T extends Item>(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
): Promise<T[]> {
  const found: T[] = [];
  let missing: Record<string, unknown>[] = keys.map(keyOf) as unknown as Record<string, unknown>[];
  for (let attempt = 0; missing.length > 0; attempt++) {
    if (attempt > 0) await pause(Math.min(attempt, conflictAttempts));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: missing, ConsistentRead: true } } }),
    );
    found.push(...((Responses?.[tableName] ?? []) as T[]));
    missing = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
}

async function deleteBatch(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Key[],
): Promise<void> {
  let requests: NonNullable<BatchWriteCommandInput['RequestItems']>[string] = keys.map((key) => ({
    DeleteRequest: { Key: keyOf(key) },
  }));
  for (let attempt = 0; requests.length > 0; attempt++) {
    if (attempt > 0) await pause(Math.min(attempt, conflictAttempts));
    const { UnprocessedItems } = await client.send(
      new BatchWriteCommand({ RequestItems: { [tableName]: requests } }),
    );
    requests = UnprocessedItems?.[tableName] ?? [];
  }
}

async function putWithRetry(
  client: DynamoDBDocumentClient,
  tableName: string,
  item: Item,
  { when, otherwise }: PutOptions,
): Promise<void> {
  const condition = when ? namesAndValues(conditionExpression(when)) : {};
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new PutCommand({ TableName: tableName, Item: item, ...condition }));
      return;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'ConditionalCheckFailedException') throw otherwise ?? conditionFailed({}, error);
      if (name !== 'TransactionConflictException') throw error;
      if (attempt === conflictAttempts) throw transactionConflict(tableName, error);
      await pause(attempt);
    }
  }
}

/** Which items of a partition a query reads. */
function keyCondition({ index, pk, skPrefix, skBetween }: QueryOptions) {
  const [pkName, skName] = index ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk'];
  const ofPartition = { expression: '#pk = :pk', names: { '#pk': pkName }, values: { ':pk': pk } };
  if (skBetween === undefined && skPrefix === undefined) return ofPartition;
  const names = { ...ofPartition.names, '#sk': skName };
  if (skBetween) {
    const [first, last] = skBetween;
    return {
      expression: '#pk = :pk AND #sk BETWEEN :first AND :last',
      names,
      values: { ':pk': pk, ':first': first, ':last': last },
    };
  }
  return {
    expression: '#pk = :pk AND begins_with(#sk, :sk)',
    names,
    values: { ':pk': pk, ':sk': skPrefix },
  };
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** DynamoDB cancels transactions that touch the same item at the same time; a few retries with jitter settle that. */
const conflictAttempts = 6;

async function commitWithRetry(
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
      await client.send(new TransactWriteCommand({ TransactItems: items }));
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

/** Throws what the first failed condition means; returns when no condition failed (a mere conflict between writers). */
function throwFailedCondition(commit: Commit, reasons: readonly string[], cause: unknown): void {
  const unexpected = reasons.find(
    (code) => !['None', 'ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError'].includes(code),
  );
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

const keyOf = (key: Key): Key => ({ pk: key.pk, sk: key.sk });

/** `undefined` removes an attribute. */
function updateExpression(set: readonly (readonly [string, unknown])[]): string {
  const sets = set.flatMap(([, value], i) => (value === undefined ? [] : [`#s${i} = :s${i}`]));
  const removes = set.flatMap(([, value], i) => (value === undefined ? [`#s${i}`] : []));
  return [sets.length ? `SET ${sets.join(', ')}` : '', removes.length ? `REMOVE ${removes.join(', ')}` : '']
    .join(' ')
    .trim();
}

interface Expression {
  readonly expression?: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

function conditionExpression(condition: Condition): Expression {
  if ('absent' in condition) return { expression: 'attribute_not_exists(#c)', names: { '#c': 'pk' } };
  if ('present' in condition) return { expression: 'attribute_exists(#c)', names: { '#c': 'pk' } };
  const lenient = 'absentOrEquals' in condition;
  const entries = Object.entries(lenient ? condition.absentOrEquals : condition.equals);
  const missing = (i: number) => `attribute_not_exists(#c${i})`;
  return {
    expression: entries
      .map(([, value], i) =>
        value === undefined ? missing(i) : lenient ? `(${missing(i)} OR #c${i} = :c${i})` : `#c${i} = :c${i}`,
      )
      .join(' AND '),
    names: Object.fromEntries(entries.map(([name], i) => [`#c${i}`, name])),
    values: Object.fromEntries(
      entries.flatMap(([, value], i) => (value === undefined ? [] : [[`:c${i}`, value]])),
    ),
  };
}

function namesAndValues(condition: Expression): {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
} {
  if (!condition.expression) return {};
  return {
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: condition.names ?? {},
    ...valuesOf(condition.values ?? {}),
  };
}

function valuesOf(values: Record<string, unknown>): { ExpressionAttributeValues?: Record<string, unknown> } {
  return Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {};
}
