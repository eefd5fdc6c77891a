import type { KeyRange } from './storage.ts';

/**
 * Which keys of the storage belong to what. Table and index names cannot hold `~`, the last printable ASCII character, so
 * that a prefix that ends with it never runs into that of another table.
 */
export const keySpaces = {
  tables: 'table~',
  tokens: 'token~',
  items: (tableName: string) => `item~${tableName}~`,
  index: (tableName: string, indexName: string) => `index~${tableName}~${indexName}~`,
  indexesOf: (tableName: string) => `index~${tableName}~`,
  stream: (tableName: string) => `stream~${tableName}~`,
  timeToLive: (tableName: string) => `ttl~${tableName}~`,
} as const;

/** Sorts after every key that begins with `prefix`. */
function endOf(prefix: string): string {
  return `${prefix.slice(0, -1)}\x7f`;
}

/** All keys that begin with `prefix`. */
export function wholeSpace(prefix: string): KeyRange {
  return { gte: prefix, lt: endOf(prefix) };
}

/** `range`, given in keys without the prefix, as keys of the storage. */
export function within(prefix: string, range: KeyRange): KeyRange {
  const lower = range.gt !== undefined ? { gt: prefix + range.gt } : { gte: prefix + (range.gte ?? '') };
  const upper =
    range.lt !== undefined
      ? { lt: prefix + range.lt }
      : range.lte !== undefined
        ? { lte: prefix + range.lte }
        : { lt: endOf(prefix) };
  return { ...lower, ...upper, reverse: range.reverse ?? false, limit: range.limit ?? -1 };
}
