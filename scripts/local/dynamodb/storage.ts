import { ClassicLevel } from 'classic-level';

/** One write of a batch; without a value it is a removal. */
export interface StorageWrite {
  readonly key: string;
  readonly value?: unknown;
}

/** Keys from `gte`/`gt` to `lt`/`lte`, in byte order. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** Read from the files at once: a page of a query has 1 MB, and each trip to LevelDB's thread costs as much as a few items. */
const readAheadBytes = 256 * 1024;

/**
 * The one LevelDB that holds all tables, indexes, streams and settings, so that everything a request changes is one atomic
 * batch. Writes reach the operating system before they are answered: a killed process loses nothing, a power cut may lose
 * the last moments.
 */
export class Storage {
  readonly #level: ClassicLevel<string, unknown>;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#level = new ClassicLevel<string, unknown>(folder, { valueEncoding: 'json' });
  }

  /**
   * Opens the files and lets `load` read what it needs of them. Throws, naming folder and cure, when another process holds the folder
   * or its files are damaged.
   */
  async open(load: () => Promise<void>): Promise<void> {
    try {
      await this.#level.open();
      await load();
    } catch (error) {
      const reason =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Error(
        `The DynamoDB data in ${this.#folder} cannot be opened (${reason}). ` +
          'Stop the other runtime that uses this folder, or start with --fresh to begin with empty tables.',
        { cause: error },
      );
    }
  }

  get(key: string): unknown {
    return this.#level.getSync(key);
  }

  /** Applies all writes or none. */
  async write(writes: readonly StorageWrite[]): Promise<void> {
    await this.#level.batch(
      writes.map(({ key, value }) =>
        value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
      ),
    );
  }

  /** Values of a range, as they are at the call. */
  values(range: KeyRange): AsyncIterable<unknown> {
    return this.#level.values({ ...range, highWaterMarkBytes: readAheadBytes });
  }

  /** Keys and values of a range, as they are at the call. */
  entries(range: KeyRange): AsyncIterable<[string, unknown]> {
    return this.#level.iterator(range);
  }

  /** Removes a range. */
  async clear(range: KeyRange): Promise<void> {
    await this.#level.clear(range);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}
