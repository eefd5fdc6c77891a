import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * An append-only file of JSON lines. An appended entry is in the operating system's hands when `append` returns, so it
 * survives the end of this process (not the loss of power: there is no fsync, which would cost milliseconds an entry).
 */
export class Journal<Entry> {
  readonly #file: string;
  #checked = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** All entries in the order of writing; a line that a crash tore is left out. */
  read(): Entry[] {
    if (!existsSync(this.#file)) return [];
    const entries: Entry[] = [];
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        entries.push(JSON.parse(line) as Entry);
      } catch {
        // Only the last write before a crash can be torn; what it would have said is repeated by whoever resumes.
      }
    }
    return entries;
  }

  append(entry: Entry): void {
    if (!this.#checked) this.#endTornLine();
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** Replaces the whole content at once, e.g. to drop entries that no longer matter. */
  rewrite(entries: readonly Entry[]): void {
    writeFileAtomically(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    this.#checked = true;
  }

  #endTornLine(): void {
    this.#checked = true;
    if (!existsSync(this.#file)) return;
    const content = readFileSync(this.#file);
    if (content.length > 0 && content.at(-1) !== 0x0a) appendFileSync(this.#file, '\n');
  }
}

/** Writes beside the file and renames, so that a reader finds the old or the new content, never a part. */
export function writeFileAtomically(file: string, content: string): void {
  const temporary = `${file}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}
