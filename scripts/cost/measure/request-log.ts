import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedRequest as RecordedLine } from '../../local/gateway/request-recorder.ts';

/** One call that a function's role made to AWS. */
export interface RecordedRequest {
  readonly service: string;
  /** Its name where a header says it; of others, like S3's, method and path. */
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
    return lines.filter((line) => line !== '').map((line) => requestOf(JSON.parse(line) as RecordedLine));
  }
}

function requestOf({ service, role, method, path: address, headers, body }: RecordedLine): RecordedRequest {
  const target = headers['x-amz-target'];
  if (target === undefined) return { service, role, operation: `${method} ${address}` };
  const operation = target.slice(target.lastIndexOf('.') + 1);
  return { service, role, operation, params: body as Readonly<Record<string, unknown>> };
}

/** What a person asks as operator is none of the platform's own calls. */
const isByRole = ({ role }: RecordedRequest): boolean => role.startsWith('arn:');
