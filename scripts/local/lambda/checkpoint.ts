import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** How far a stream mapping has come: a sequence number on disk, replaced whole. */
export class Checkpoint {
  readonly #file: string;
  #sequenceNumber: string | undefined;

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
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFile(`${this.#file}.new`, sequenceNumber);
    await rename(`${this.#file}.new`, this.#file);
    this.#sequenceNumber = sequenceNumber;
  }
}
