import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

const eventSchema = z.object({
  requestId: z.string(),
  invokedArn: z.string(),
  payload: z.string(),
  receivedAtMs: z.number(),
  failedAttempts: z.number(),
  notBeforeMs: z.number(),
});

/** An accepted event; lies on disk until the function handled it or it went to its dead-letter target. */
export interface AsyncEvent {
  readonly requestId: string;
  /** Function ARN with its qualifier. */
  readonly invokedArn: string;
  /** JSON text. */
  readonly payload: string;
  readonly receivedAtMs: number;
  /** Attempts that have failed. */
  readonly failedAttempts: number;
  readonly notBeforeMs: number;
}

/** Accepted asynchronous events on disk: one file each, written whole or not at all. */
export class EventStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(event: AsyncEvent): Promise<void> {
    const file = this.#file(event.requestId);
    await writeFile(`${file}.new`, JSON.stringify(event));
    await rename(`${file}.new`, file);
  }

  async remove(requestId: string): Promise<void> {
    await rm(this.#file(requestId), { force: true });
  }

  /** All events kept, the oldest first. @throws Error naming a file that is damaged */
  async load(): Promise<readonly AsyncEvent[]> {
    await mkdir(this.#folder, { recursive: true });
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'));
    const events = await Promise.all(names.map((name) => this.#read(name)));
    return events.sort((a, b) => a.receivedAtMs - b.receivedAtMs);
  }

  async #read(name: string): Promise<AsyncEvent> {
    const file = path.join(this.#folder, name);
    try {
      return eventSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (cause) {
      throw new Error(`${file} is damaged. Delete it (that event is lost) or start with --fresh.`, { cause });
    }
  }

  #file(requestId: string): string {
    return path.join(this.#folder, `${requestId}.json`);
  }
}
