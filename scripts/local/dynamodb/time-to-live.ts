import type { ItemChange } from './engine-store.ts';
import { keyAttributes } from './item-key.ts';
import { keySpaces, within } from './key-space.ts';
import type { Storage, StorageWrite } from './storage.ts';
import type { AttributeMap, TableRecord } from './types.ts';

/** Items that expired longer ago are left alone, as DynamoDB does, so that an old date in the attribute does not delete data. */
const oldestExpirySeconds = 5 * 365 * 24 * 60 * 60;
const digits = 12;

/** Keeps the expiry index of a table (expiry, then item key) in step with a change. */
export function timeToLiveWrites({ table, itemKey, oldItem, newItem }: ItemChange): StorageWrite[] {
  const oldKey = expiryKey(table, itemKey, oldItem);
  const newKey = expiryKey(table, itemKey, newItem);
  if (oldKey === newKey) return [];
  return [
    ...(oldKey === undefined ? [] : [{ key: oldKey }]),
    ...(newKey === undefined || newItem === undefined
      ? []
      : [{ key: newKey, value: keyAttributes(table, newItem) }]),
  ];
}

/** Whether an item of the table has expired. */
export function isExpired(table: TableRecord, item: AttributeMap, nowMs: number): boolean {
  const seconds = expirySeconds(table, item);
  return seconds !== undefined && seconds < nowMs / 1000 && seconds > nowMs / 1000 - oldestExpirySeconds;
}

/** Keys of expired items, the longest expired first. */
export async function expiredKeys(
  storage: Storage,
  table: TableRecord,
  nowMs: number,
  limit: number,
): Promise<AttributeMap[]> {
  const nowSeconds = Math.floor(nowMs / 1000);
  const range = { gte: padded(nowSeconds - oldestExpirySeconds), lt: padded(nowSeconds), limit };
  const keys: AttributeMap[] = [];
  for await (const key of storage.values(within(keySpaces.timeToLive(table.TableName), range))) {
    keys.push(key as AttributeMap);
  }
  return keys;
}

function expiryKey(table: TableRecord, itemKey: string, item: AttributeMap | undefined): string | undefined {
  const seconds = item && expirySeconds(table, item);
  if (seconds === undefined) return undefined;
  return `${keySpaces.timeToLive(table.TableName)}${padded(seconds)}~${itemKey}`;
}

/** Only numbers count; one with more digits (milliseconds by mistake) lies beyond any sweep. */
function expirySeconds(table: TableRecord, item: AttributeMap): number | undefined {
  const number = table.timeToLiveAttribute && item[table.timeToLiveAttribute]?.['N'];
  const seconds = typeof number === 'string' ? Math.floor(Number(number)) : Number.NaN;
  return seconds >= 0 && seconds < 10 ** digits ? seconds : undefined;
}

function padded(seconds: number): string {
  return String(Math.max(0, seconds)).padStart(digits, '0');
}
