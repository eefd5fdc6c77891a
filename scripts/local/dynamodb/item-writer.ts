import { isDeepStrictEqual } from 'node:util';
import type { StreamRecord } from '../emulated-service.ts';
import type { ChangeStreams } from './change-stream.ts';
import { EngineStore } from './engine-store.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Storage } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import { timeToLiveWrites } from './time-to-live.ts';
import { WriteGroup } from './write-group.ts';

/** Requests of a group at most: each of them is answered as late as the last. */
const requestsTogether = 100;

/** Applies a request to a group; answers what tells the caller, once the group is on disk or could not be written. */
type Waiting = (group: WriteGroup) => Promise<{ written(): void; failed(error: unknown): void }>;

/**
 * The only way to change items. One writer at a time: conditions are decided on the state that the write then changes, and
 * stream records are in the order of the changes. Requests that wait for one another are written together.
 */
export class ItemWriter {
  readonly #storage: Storage;
  readonly #tables: TableCatalog;
  readonly #streams: ChangeStreams;
  readonly #queue = new SerialQueue();
  readonly #waiting: Waiting[] = [];

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
    return new Promise((resolve, reject) => {
      this.#waiting.push(async (group) => {
        try {
          const result = await this.#apply(group, change, userIdentity);
          return { written: () => resolve(result), failed: reject };
        } catch (error) {
          const refuse = () => reject(error);
          return { written: refuse, failed: refuse };
        }
      });
      if (this.#waiting.length === 1) void this.#queue.run(() => this.#writeWaiting());
    });
  }

  /** Resolves when all writes that were asked for have ended. */
  async idle(): Promise<void> {
    do await this.#queue.idle();
    while (this.#waiting.length > 0);
  }

  async #writeWaiting(): Promise<void> {
    const group = new WriteGroup(this.#storage);
    const requests = [];
    for (const apply of this.#waiting.splice(0, requestsTogether)) requests.push(await apply(group));
    if (this.#waiting.length > 0) void this.#queue.run(() => this.#writeWaiting());
    try {
      this.#streams.announce(await group.commit());
    } catch (error) {
      for (const { failed } of requests) failed(error);
      return;
    }
    for (const { written } of requests) written();
  }

  async #apply<Result>(
    group: WriteGroup,
    change: (store: EngineStore) => Promise<Result>,
    userIdentity: StreamRecord['userIdentity'],
  ): Promise<Result> {
    const store = new EngineStore(group, this.#tables);
    const result = await change(store);
    const changes = store.itemChanges().filter(({ oldItem, newItem }) => !isSame(oldItem, newItem));
    const records = this.#streams.recordsFor(changes, userIdentity);
    group.add(
      [...store.writes(), ...changes.flatMap(timeToLiveWrites), ...this.#streams.writesFor(records)],
      records,
    );
    return result;
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
