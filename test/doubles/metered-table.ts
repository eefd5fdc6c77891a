import { outboxItem } from '#shared/aws/outbox.ts';
import type { Item, Key, Table, Write } from '#shared/aws/table.ts';

/** DynamoDB's units of what was done since the meter was read. */
export interface Units {
  readonly requests: number;
  readonly read: number;
  readonly write: number;
}

const readUnitBytes = 4096;
const writeUnitBytes = 1024;

/** Size of a value as DynamoDB counts it (docs: item sizes and formats). */
function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value === 'number') return Math.ceil(String(value).replace(/[-.]/g, '').length / 2) + 1;
  if (Array.isArray(value)) return 3 + value.reduce((sum: number, each) => sum + 1 + valueBytes(each), 0);
  if (typeof value === 'object' && value !== null)
    return 3 + itemBytes(value as Item) + Object.keys(value).length;
  return 1;
}

const itemBytes = (item: object): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

const writeUnits = (item: object): number => Math.max(1, Math.ceil(itemBytes(item) / writeUnitBytes));
const readUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / readUnitBytes));
/** An item in the index is written there too: once, or twice where it moves to another key. */
function indexUnits(before: Item | undefined, after: Item | undefined): number {
  const isSameKey = before?.['gsi1pk'] === after?.['gsi1pk'] && before?.['gsi1sk'] === after?.['gsi1sk'];
  const [left, right] = [before, after].map((item) =>
    item?.['gsi1pk'] === undefined ? 0 : writeUnits(item),
  );
  return isSameKey ? Math.max(left!, right!) : left! + right!;
}

/** A table that counts what DynamoDB would charge. */
export function meteredTable(table: Table): Table & { units(): Units } {
  let [requests, read, write] = [0, 0, 0];
  const written = async (item: Item | undefined, key: Key, factor: number): Promise<void> => {
    const before = await table.get<Item>(key);
    const biggest = Math.max(before ? writeUnits(before) : 1, item ? writeUnits(item) : 1);
    write += factor * biggest + indexUnits(before, item);
  };
  const ofTransaction = async (one: Write): Promise<void> => {
    if ('put' in one) await written(one.put, one.put, 2);
    else if ('delete' in one) await written(undefined, one.delete, 2);
    else throw new Error('Tracking writes whole items.');
  };
  return {
    units() {
      const units = { requests, read, write };
      [requests, read, write] = [0, 0, 0];
      return units;
    },
    async get<T extends Item>(key: Key, options: { consistent?: boolean } = {}) {
      requests++;
      const item = await table.get<T>(key, options);
      read += readUnits(item ? itemBytes(item) : 0) * (options.consistent === false ? 0.5 : 1);
      return item;
    },
    async query<T extends Item>(options: Parameters<Table['query']>[0]) {
      requests++;
      const page = await table.query<T>(options);
      const bytes = page.items.reduce((sum, item) => sum + itemBytes(item), 0);
      read += readUnits(bytes) * (options.consistent ? 1 : 0.5);
      return page;
    },
    async commit(commit) {
      requests++;
      for (const one of commit.writes) await ofTransaction(one);
      for (const event of commit.events ?? []) write += 2 * writeUnits(outboxItem(event));
      await table.commit(commit);
    },
    async put(item, options) {
      requests++;
      await written(item, item, 1);
      await table.put(item, options);
    },
    async delete(key, options) {
      requests++;
      await written(undefined, key, 1);
      return table.delete(key, options);
    },
    async getAll<T extends Item>(keys: readonly Key[]) {
      requests++;
      const items = await table.getAll<T>(keys);
      read += items.reduce((sum, item) => sum + readUnits(itemBytes(item)), keys.length - items.length);
      return items;
    },
    async deleteAll(keys) {
      requests += Math.ceil(keys.length / 25);
      for (const key of keys) await written(undefined, key, 1);
      await table.deleteAll(keys);
    },
  };
}
