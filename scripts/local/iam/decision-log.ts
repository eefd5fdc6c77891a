import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One kind of decision, however often it was taken. */
export interface DecisionRecord {
  readonly role: string;
  readonly action: string;
  /** Of an allowed call the pattern that matched, of a denied one the resource itself. */
  readonly resource: string;
  readonly outcome: 'allow' | 'explicitDeny' | 'implicitDeny';
  /** `<policy>#<Sid or index>`; absent for an implicit deny. */
  readonly statement?: string;
}

/** Denials carry resources as asked for, so their number is bounded. */
const maxRecords = 20_000;

/** Appends each new kind of decision once to `decisions.jsonl`, over all starts of the runtime. */
export class DecisionLog {
  readonly #seen = new Set<string>();
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'decisions.jsonl');
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) if (line !== '') this.#seen.add(line);
  }

  /** Written at once: a kind of decision is new a few hundred times in all, and must not be lost with the process. */
  record(record: DecisionRecord): void {
    const line = JSON.stringify(record);
    if (this.#seen.has(line) || this.#seen.size >= maxRecords) return;
    this.#seen.add(line);
    appendFileSync(this.#file, `${line}\n`);
  }
}
