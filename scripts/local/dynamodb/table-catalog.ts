import { AwsError } from '../emulated-service.ts';
import { keySpaces, wholeSpace } from './key-space.ts';
import type { Storage, StorageWrite } from './storage.ts';
import type { TableRecord } from './types.ts';

/** All tables by name, in memory and on disk. */
export class TableCatalog {
  readonly #storage: Storage;
  readonly #tables = new Map<string, TableRecord>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async load(): Promise<void> {
    for await (const table of this.#storage.values(wholeSpace(keySpaces.tables))) {
      const record = table as TableRecord;
      this.#tables.set(record.TableName, record);
    }
  }

  /** Throws ResourceNotFoundException as data operations word it. */
  get(name: string): TableRecord {
    const table = this.#tables.get(name);
    if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  /** Throws ResourceNotFoundException as operations on tables word it. */
  describe(name: string): TableRecord {
    const table = this.#tables.get(name);
    if (table !== undefined) return table;
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  }

  find(name: string): TableRecord | undefined {
    return this.#tables.get(name);
  }

  all(): TableRecord[] {
    return [...this.#tables.values()].sort((a, b) => (a.TableName < b.TableName ? -1 : 1));
  }

  /** Saves a table together with other writes. */
  async save(table: TableRecord, writes: readonly StorageWrite[] = []): Promise<void> {
    await this.#storage.write([...writes, { key: keySpaces.tables + table.TableName, value: table }]);
    this.#tables.set(table.TableName, table);
  }

  async remove(name: string): Promise<void> {
    await this.#storage.write([{ key: keySpaces.tables + name }]);
    this.#tables.delete(name);
  }
}
