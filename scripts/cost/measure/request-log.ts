import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One call that a function's role made to AWS, as the laptop runtime wrote it down. */
export interface RecordedRequest {
  readonly service: string;
  readonly operation: string;
  readonly role: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Reads `<folder>/requests.jsonl` as it grows. */
export class RequestLog {
  readonly #file: string;
  #readLines = 0;

  constructor(folder: string) {
    this.#file = path.join(folder, 'requests.jsonl');
  }

  /** How many calls roles made so far. */
  get length(): number {
    return this.#all().filter(isByRole).length;
  }

  /** Calls by roles since this was asked the last time. */
  next(): RecordedRequest[] {
    const lines = this.#all();
    const fresh = lines.slice(this.#readLines);
    this.#readLines = lines.length;
    return fresh.filter(isByRole);
  }

  /** Whole lines only: the last one may be half written. */
  #all(): RecordedRequest[] {
    if (!existsSync(this.#file)) return [];
    const text = readFileSync(this.#file, 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RecordedRequest);
  }
}

/** What a person asks as operator is none of the platform's own calls. */
const isByRole = ({ role }: RecordedRequest): boolean => role.startsWith('arn:');
