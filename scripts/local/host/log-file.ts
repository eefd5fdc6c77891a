import { createWriteStream, renameSync, statSync } from 'node:fs';
import type { RuntimeContext } from '../emulated-service.ts';

/** Where diagnosis goes: one JSON object a line. */
export interface LogFile {
  readonly log: RuntimeContext['log'];
  close(): Promise<void>;
}

const maxKeptBytes = 20 * 1024 * 1024;

/** Appends to a log file; one that has grown past 20 MB at the start is kept once as `<file>.old`. */
export function openLogFile(file: string): LogFile {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxKeptBytes) renameSync(file, `${file}.old`);
  const stream = createWriteStream(file, { flags: 'a' });
  return {
    log(part, message, details) {
      stream.write(`${JSON.stringify({ time: new Date().toISOString(), part, message, ...details })}\n`);
    },
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
