import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What a copy has done so far, a line of JSON each, so that the same command goes on where it stopped. `key` names a thing of the
 * source, `value` what it became; a line that was not written whole counts for nothing.
 */
export class Journal {
  readonly file: string;
  readonly #done: Map<string, string>;

  constructor(file: string) {
    this.file = file;
    mkdirSync(path.dirname(file), { recursive: true });
    this.#done = new Map(existsSync(file) ? entriesOf(readFileSync(file, 'utf8')) : []);
  }

  /** What a thing became; undefined where it was not copied yet. */
  get(key: string): string | undefined {
    return this.#done.get(key);
  }

  /** Everything noted under keys that begin so. */
  below(prefix: string): [string, string][] {
    return [...this.#done].filter(([key]) => key.startsWith(prefix));
  }

  note(key: string, value: string): void {
    appendFileSync(this.file, `${JSON.stringify([key, value])}\n`);
    this.#done.set(key, value);
  }

  /** Does a thing unless it was done, and answers what it became. */
  async once(key: string, make: () => Promise<string>): Promise<string> {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = await make();
    this.note(key, value);
    return value;
  }
}

function entriesOf(text: string): [string, string][] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as unknown;
      return Array.isArray(entry) && entry.length === 2 ? [[String(entry[0]), String(entry[1])]] : [];
    } catch {
      return [];
    }
  });
}
