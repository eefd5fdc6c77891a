import type { StreamRecord } from '../emulated-service.ts';
import type { KeyRange, Storage, StorageWrite } from './storage.ts';

/**
 * Writes of several requests that reach the disk in one batch. Each request sees what those before it in the group wrote, as if each
 * had been committed by itself; none is answered before the batch is on disk.
 */
export class WriteGroup {
  readonly #storage: Storage;
  readonly #values = new Map<string, unknown>();
  readonly #records: StreamRecord[] = [];

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** What stands at a key after the requests so far. */
  get(key: string): unknown {
    if (!this.#values.has(key)) return this.#storage.get(key);
    const value = this.#values.get(key);
    // A copy, as one from disk is: nobody changes what another request wrote.
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  }

  /** Values of a range as they are on disk. */
  values(range: KeyRange): AsyncIterable<unknown> {
    return this.#storage.values(range);
  }

  /** Adds all that a request writes, and the stream records that tell of it. */
  add(writes: readonly StorageWrite[], records: readonly StreamRecord[]): void {
    for (const { key, value } of writes) this.#values.set(key, value);
    this.#records.push(...records);
  }

  /** Writes all or nothing; answers the stream records in the order of the changes. */
  async commit(): Promise<readonly StreamRecord[]> {
    if (this.#values.size > 0)
      await this.#storage.write([...this.#values].map(([key, value]) => ({ key, value })));
    return this.#records;
  }
}
