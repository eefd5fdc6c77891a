import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../durable/journal.ts';
import { readStateFile } from '../../durable/state-file.ts';
import { AwsError } from '../../emulated-service.ts';

/** Named records of one kind, one JSON file each, so that a change is on disk before a caller hears of it. */
export class RecordStore<T> {
  readonly #folder: string;
  readonly #records = new Map<string, T>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads all records; call once before use. */
  load(): void {
    mkdirSync(this.#folder, { recursive: true });
    for (const file of readdirSync(this.#folder)) {
      if (!file.endsWith('.json')) continue;
      this.#records.set(file.slice(0, -'.json'.length), readStateFile(join(this.#folder, file)) as T);
    }
  }

  get(name: string): T | undefined {
    return this.#records.get(name);
  }

  /**
   * The record of that name.
   * @param missing message of the error otherwise, as the service words it.
   * @throws AwsError ValidationException.
   */
  require(name: string, missing: string): T {
    const record = this.#records.get(name);
    if (record === undefined) throw new AwsError('ValidationException', missing);
    return record;
  }

  all(): T[] {
    return [...this.#records.values()];
  }

  put(name: string, record: T): T {
    writeFileAtomically(this.#file(name), JSON.stringify(record));
    this.#records.set(name, record);
    return record;
  }

  delete(name: string): void {
    this.#records.delete(name);
    if (existsSync(this.#file(name))) rmSync(this.#file(name));
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}
