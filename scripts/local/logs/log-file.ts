import { appendFile, readFile, rename, stat } from 'node:fs/promises';
import type { LogEvent } from '../emulated-service.ts';

/** A file is set aside when it has grown beyond this; one such older file is kept. */
const maxFileBytes = 5 * 1024 * 1024;
/** Lines wait this long for others, so that a chatty function costs few writes. */
const flushDelayMs = 100;

/** The events of one log group in a text file: time, stream and message in a line, separated by tabs. */
export class LogFile {
  readonly #file: string;
  #pending: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #sizeBytes: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  append(event: LogEvent): void {
    const message = event.message.replaceAll(/\r?\n/g, ' ');
    this.#pending.push(`${new Date(event.timestampMs).toISOString()}\t${event.logStreamName}\t${message}\n`);
    this.#timer ??= setTimeout(() => void this.flush(), flushDelayMs);
  }

  /** Resolves when all that was appended is written. What cannot be written is lost. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending.join('');
    this.#pending = [];
    if (text !== '') this.#writing = this.#writing.then(() => this.#write(text)).catch(() => undefined);
    return this.#writing;
  }

  /** All events kept, oldest first. */
  async read(): Promise<readonly LogEvent[]> {
    await this.flush();
    const parts = await Promise.all([readText(this.#older()), readText(this.#file)]);
    return parts.join('').split('\n').flatMap(readLine);
  }

  async #write(text: string): Promise<void> {
    this.#sizeBytes ??= await stat(this.#file).then(
      ({ size }) => size,
      () => 0,
    );
    if (this.#sizeBytes > maxFileBytes) {
      await rename(this.#file, this.#older());
      this.#sizeBytes = 0;
    }
    await appendFile(this.#file, text);
    this.#sizeBytes += Buffer.byteLength(text);
  }

  #older(): string {
    return `${this.#file}.1`;
  }
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** A line that a crash tore is left out. */
function readLine(line: string): LogEvent[] {
  const [time = '', logStreamName, ...message] = line.split('\t');
  const timestampMs = Date.parse(time);
  if (logStreamName === undefined || Number.isNaN(timestampMs)) return [];
  return [{ timestampMs, logStreamName, message: message.join('\t') }];
}
