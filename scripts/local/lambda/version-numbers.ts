import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod';

const fileSchema = z.record(z.string(), z.record(z.string(), z.number().int().positive()));

/** The numbers of function and layer versions, counted up from 1 for each, kept on disk so that they mean the same after a restart. */
export class VersionNumbers {
  readonly #file: string;
  #numbers: z.output<typeof fileSchema> = {};

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    try {
      this.#numbers = fileSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw new Error(`${this.#file} is damaged. Delete it or start with --fresh.`, { cause });
    }
  }

  /** The number of `content` in `series`: the one it got before, or the next. */
  async take(series: string, content: string): Promise<number> {
    const taken = this.#numbers[series] ?? {};
    const known = taken[content];
    if (known !== undefined) return known;
    const next = Math.max(0, ...Object.values(taken)) + 1;
    this.#numbers = { ...this.#numbers, [series]: { ...taken, [content]: next } };
    await writeFile(`${this.#file}.new`, JSON.stringify(this.#numbers, null, 2));
    await rename(`${this.#file}.new`, this.#file);
    return next;
  }
}
