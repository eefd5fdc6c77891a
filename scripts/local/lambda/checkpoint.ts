import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Passed records that nobody wanted are written down at most so often; after a crash they are passed over again. */
const passingIntervalMs = 1000;

/** How far a stream mapping has come: a sequence number on disk, replaced whole. */
export class Checkpoint {
  readonly #file: string;
  #sequenceNumber: string | undefined;
  #savedAtMs = 0;

  constructor(folder: string, mappingUuid: string) {
    this.#file = path.join(folder, `${mappingUuid}.position`);
  }

  /** Undefined: the mapping never ran. */
  async load(): Promise<string | undefined> {
    if (this.#sequenceNumber !== undefined) return this.#sequenceNumber;
    try {
      this.#sequenceNumber = (await readFile(this.#file, 'utf8')).trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return this.#sequenceNumber;
  }

  async save(sequenceNumber: string): Promise<void> {
    if (this.#sequenceNumber === sequenceNumber) return;
    this.#savedAtMs = Date.now();
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFile(`${this.#file}.new`, sequenceNumber);
    await rename(`${this.#file}.new`, this.#file);
    this.#sequenceNumber = sequenceNumber;
  }

  /** Moves behind records that were not for this mapping, on disk only now and then: a busy table has many of them. */
  async pass(sequenceNumber: string): Promise<void> {
    if (Date.now() - this.#savedAtMs >= passingIntervalMs) return this.save(sequenceNumber);
    this.#sequenceNumber = sequenceNumber;
  }
}
