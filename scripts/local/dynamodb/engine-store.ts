import { Readable } from 'node:stream';
import type { Item, KeySpace, RangeOptions, Store } from 'dynalite/db/index.js';
import { maxItemSizeBytes } from './engine.ts';
import { keySpaces, within } from './key-space.ts';
import type { Storage, StorageWrite } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import type { TableRecord } from './types.ts';

/** An item that a write set touched; absent items are undefined. */
export interface ItemChange {
  readonly table: TableRecord;
  /** Key of the item within its table, as the engine makes it. */
  readonly itemKey: string;
  readonly oldItem: Item | undefined;
  readonly newItem: Item | undefined;
}

/**
 * What the engine sees of the storage. Writes are collected, not carried out, and reads see what was collected: so a
 * request, or all items of a transaction, is committed in one batch together with its stream records, or not at all.
 */
export class EngineStore implements Store {
  readonly options = { maxItemSize: maxItemSizeBytes };
  readonly #storage: Pick<Storage, 'get' | 'values'>;
  readonly #tables: TableCatalog;
  readonly #writes = new Map<string, Item | undefined>();
  readonly #read = new Map<string, Item | undefined>();
  readonly #items = new Map<string, { table: TableRecord; itemKey: string; oldItem: Item | undefined }>();
  readonly #included: StorageWrite[] = [];

  constructor(storage: Pick<Storage, 'get' | 'values'>, tables: TableCatalog) {
    this.#storage = storage;
    this.#tables = tables;
  }

  getTable(
    name: string,
    ...rest:
      | [callback: (error: unknown, table?: TableRecord) => void]
      | [checkStatus: boolean, callback: (error: unknown, table?: TableRecord) => void]
  ): void {
    const callback = rest.length === 1 ? rest[0] : rest[1];
    let table: TableRecord;
    try {
      table = this.#tables.get(name);
    } catch (error) {
      callback(error);
      return;
    }
    callback(null, table);
  }

  getItemDb(tableName: string): KeySpace {
    const prefix = keySpaces.items(tableName);
    const note = (itemKey: string): void => {
      const key = prefix + itemKey;
      if (this.#items.has(key)) return;
      this.#items.set(key, { table: this.#tables.get(tableName), itemKey, oldItem: this.#stored(key) });
    };
    return this.#keySpace(prefix, note);
  }

  getIndexDb(_indexType: string, tableName: string, indexName: string): KeySpace {
    return this.#keySpace(keySpaces.index(tableName, indexName), () => undefined);
  }

  /** The item as it was before this write set. */
  storedItem(tableName: string, itemKey: string): Item | undefined {
    return this.#stored(keySpaces.items(tableName) + itemKey);
  }

  /** What stands at a key of the storage that is no item's, as it was before this write set. */
  stored(key: string): unknown {
    return this.#storage.get(key);
  }

  /** Adds a write that is no item's to what is committed. */
  include(write: StorageWrite): void {
    this.#included.push(write);
  }

  /** The collected writes of items and index entries, and what was included. */
  writes(): StorageWrite[] {
    const own = [...this.#writes].map(([key, value]) => (value === undefined ? { key } : { key, value }));
    return [...own, ...this.#included];
  }

  /** The touched items in the order in which they were first written. */
  itemChanges(): ItemChange[] {
    return [...this.#items].map(([key, item]) => ({ ...item, newItem: this.#writes.get(key) }));
  }

  #keySpace(prefix: string, beforeWrite: (key: string) => void): KeySpace {
    return {
      get: (key, callback) => callback(null, this.#current(prefix + key)),
      put: (key, value, callback) => {
        beforeWrite(key);
        this.#writes.set(prefix + key, value);
        callback(null);
      },
      del: (key, callback) => {
        beforeWrite(key);
        this.#writes.set(prefix + key, undefined);
        callback(null);
      },
      createValueStream: (range: RangeOptions) => Readable.from(this.#storage.values(within(prefix, range))),
      // Writers are already alone: each write set lives inside one task of the write queue.
      lock: (_key, callback) => callback((inner) => inner),
    };
  }

  #current(key: string): Item | undefined {
    return this.#writes.has(key) ? this.#writes.get(key) : this.#stored(key);
  }

  /** Read once: for the condition, and again as what the write replaces. The engine changes no item that it was given. */
  #stored(key: string): Item | undefined {
    if (!this.#read.has(key)) this.#read.set(key, this.#storage.get(key) as Item | undefined);
    return this.#read.get(key);
  }
}
