import { isDeepStrictEqual } from 'node:util';
import type { StreamRecord } from '../emulated-service.ts';
import type { ChangeStreams } from './change-stream.ts';
import { EngineStore } from './engine-store.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Storage } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import { timeToLiveWrites } from './time-to-live.ts';

/**
 * The only way to change items. One writer at a time: conditions are decided on the state that the write then changes, and
 * stream records are in the order of the changes.
 */
export class ItemWriter {
  readonly #storage: Storage;
  readonly #tables: TableCatalog;
  readonly #streams: ChangeStreams;
  readonly #queue = new SerialQueue();

  constructor(storage: Storage, tables: TableCatalog, streams: ChangeStreams) {
    this.#storage = storage;
    this.#tables = tables;
    this.#streams = streams;
  }

  /** Runs a task while nobody else writes. */
  exclusively<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#queue.run(task);
  }

  /**
   * Lets `change` write to a store and commits what it wrote: items, index entries, expiry index, stream records and what
   * it included besides, in one atomic batch. Nothing is changed when it rejects.
   */
  write<Result>(
    change: (store: EngineStore) => Promise<Result>,
    userIdentity?: StreamRecord['userIdentity'],
  ): Promise<Result> {
    return this.#queue.run(async () => {
      const store = new EngineStore(this.#storage, this.#tables);
      const result = await change(store);
      const changes = store.itemChanges().filter(({ oldItem, newItem }) => !isSame(oldItem, newItem));
      const records = this.#streams.recordsFor(changes, userIdentity);
      await this.#storage.write([
        ...store.writes(),
        ...changes.flatMap(timeToLiveWrites),
        ...this.#streams.writesFor(records),
      ]);
      this.#streams.announce(records);
      return result;
    });
  }

  /** Resolves when all writes that were asked for have ended. */
  async idle(): Promise<void> {
    await this.#queue.idle();
  }
}

/**
 * Whether two items have the same attributes. Objects that the engine made have no prototype, those from disk have one: only their
 * content counts, whose order may differ, but then not the length of its JSON.
 */
function isSame(oldItem: object | undefined, newItem: object | undefined): boolean {
  if (oldItem === undefined || newItem === undefined) return oldItem === newItem;
  const [oldJson, newJson] = [JSON.stringify(oldItem), JSON.stringify(newItem)];
  if (oldJson.length !== newJson.length) return false;
  return oldJson === newJson || isDeepStrictEqual(JSON.parse(oldJson), JSON.parse(newJson));
}
