import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { encodePageToken, type Page } from '#shared/kernel/paging.ts';
import { deleteAll, readAll } from './batches.ts';
import { isStorable } from './key-limits.ts';
import { startKeyOf } from './start-key.ts';
import {
  type Commit,
  type Item,
  type Key,
  keyOf,
  type PutOptions,
  type QueryOptions,
} from './table-types.ts';
import { commitWithRetry, deleteWithRetry, putWithRetry } from './writes.ts';

export {
  AlreadyConsumed,
  type Commit,
  type Condition,
  type Item,
  type Key,
  type QueryOptions,
  type Write,
} from './table-types.ts';

/** One service's table: keys `pk`/`sk`, optional index `gsi1` (`gsi1pk`/`gsi1sk`), TTL attribute `expiresAt` (epoch seconds). */
export interface Table {
  get<T extends Item>(key: Key, options?: { consistent?: boolean }): Promise<T | undefined>;
  query<T extends Item>(options: QueryOptions): Promise<Page<T>>;
  /** Writes all or nothing (at most 100 items with events and inbox). Throws the first failed write’s `otherwise`, else ConditionFailed (conflict). */
  commit(commit: Commit): Promise<void>;
  /** Writes one item by itself: half the price and the time of a transaction. Throws `otherwise`, else ConditionFailed (conflict), where `when` does not hold. */
  put(item: Item, options?: PutOptions): Promise<void>;
  /** Deletes one item by itself; true where there was one. Throws `otherwise`, else ConditionFailed (conflict), where `when` does not hold. */
  delete(key: Key, options?: PutOptions): Promise<boolean>;
  /** The items of these keys that there are, in any order, read consistently. The keys must differ. Throws TableBusy (unavailable). */
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
          Key: keyOf(key),
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
    delete: (key, options = {}) => deleteWithRetry(client, tableName, key, options),
    getAll: (keys) => readAll(client, tableName, keys),
    deleteAll: (keys) => deleteAll(client, tableName, keys),
  };
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
