import type { RuntimeContext } from '../emulated-service.ts';
import type { ChangeStreams } from './change-stream.ts';
import { checkRequest, runOperation } from './engine.ts';
import type { ItemWriter } from './item-writer.ts';
import type { Storage } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import { expiredKeys, isExpired } from './time-to-live.ts';
import type { Transactions } from './transactions.ts';
import type { AttributeMap, TableRecord } from './types.ts';
import { storedItem } from './write-items.ts';

const intervalMs = 30_000;
const keysPerPage = 500;

/** Who removes expired items, as stream records tell it. */
const timeToLiveIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const;

interface SweeperParts {
  readonly storage: Storage;
  readonly catalog: TableCatalog;
  readonly writer: ItemWriter;
  readonly streams: ChangeStreams;
  readonly transactions: Transactions;
  readonly context: RuntimeContext;
}

/** Removes what has expired: items by time to live, stream records after 24 hours, transaction tokens after ten minutes. */
export class Sweeper {
  readonly #parts: SweeperParts;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#sweepOnce(), intervalMs).unref();
    this.#sweepOnce();
  }

  /** Resolves when a sweep that is under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#sweeping;
  }

  /** Removes everything that has expired now. */
  async sweep(): Promise<void> {
    const { catalog, streams, transactions } = this.#parts;
    for (const table of catalog.all()) {
      if (table.timeToLiveAttribute !== undefined) await this.#sweepTable(table);
    }
    await streams.expire();
    await transactions.expireTokens();
  }

  #sweepOnce(): void {
    this.#sweeping ??= this.sweep()
      .catch((error: unknown) => this.#parts.context.log('dynamodb', `sweep failed: ${String(error)}`))
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  async #sweepTable(table: TableRecord): Promise<void> {
    const { storage, context } = this.#parts;
    for (;;) {
      const keys = await expiredKeys(storage, table, context.now(), keysPerPage);
      let removed = 0;
      for (const key of keys) removed += (await this.#removeExpired(table, key)) ? 1 : 0;
      if (keys.length < keysPerPage || removed === 0) return;
    }
  }

  async #removeExpired(table: TableRecord, key: AttributeMap): Promise<boolean> {
    const { catalog, writer, context } = this.#parts;
    const request = checkRequest('DeleteItem', { TableName: table.TableName, Key: key });
    return await writer.write(async (store) => {
      const item = storedItem(store, catalog, request);
      if (item === undefined || !isExpired(table, item, context.now())) return false;
      await runOperation('DeleteItem', store, request);
      return true;
    }, timeToLiveIdentity);
  }
}
