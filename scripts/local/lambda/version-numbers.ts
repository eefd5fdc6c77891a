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
    await this.#write(series, { ...taken, [content]: next });
    return next;
  }

  /** Forgets whose number it was, so that the same content gets a number of its own when it comes again. */
  async giveUp(series: string, number: number): Promise<void> {
    const entries = Object.entries(this.#numbers[series] ?? {});
    await this.#write(
      series,
      Object.fromEntries(
        entries.map(([content, own]) => [own === number ? `given up: ${number}` : content, own]),
      ),
    );
  }

  async #write(series: string, taken: Readonly<Record<string, number>>): Promise<void> {
    this.#numbers = { ...this.#numbers, [series]: taken };
    await writeFile(`${this.#file}.new`, JSON.stringify(this.#numbers, null, 2));
    await rename(`${this.#file}.new`, this.#file);
  }
}
