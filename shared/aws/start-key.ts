import * as z from 'zod';
import { decodePageToken, invalidPageToken } from '#shared/kernel/paging.ts';

/** Longest key values in characters (DynamoDB limits: 2,048 bytes for a partition key, 1,024 for a sort key). */
const partitionKey = z.string().min(1).max(2048);
const sortKey = z.string().min(1).max(1024);
const tableKey = z.strictObject({ pk: partitionKey, sk: sortKey });
const indexKey = tableKey.extend({ gsi1pk: partitionKey, gsi1sk: sortKey });

/**
 * The key behind which a page begins. Tokens come from outside: throws InvalidPageToken for one of another list, or that somebody
 * made up, before DynamoDB refuses it.
 */
export function startKeyOf(list: {
  readonly pk: string;
  readonly skPrefix?: string;
  readonly index?: 'gsi1';
  readonly pageToken: string;
}): Record<string, string> {
  const { pk, skPrefix = '', index, pageToken } = list;
  const key = (index ? indexKey : tableKey).safeParse(decodePageToken(pageToken)).data as
    | Record<string, string>
    | undefined;
  const [pkName, skName] = index ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk'];
  if (key?.[pkName] !== pk || !key[skName]?.startsWith(skPrefix)) throw invalidPageToken(pageToken);
  return key;
}
