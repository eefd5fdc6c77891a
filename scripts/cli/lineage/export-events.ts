import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { listOpenLineageEvents, type OpenLineageEvent } from '#services/governance/contract.ts';
import type { ApiClient } from '../client.ts';
import { CliFailure, exitCodes } from '../failure.ts';

export interface ExportTarget {
  /** Writes one page of events. */
  take(events: readonly OpenLineageEvent[]): Promise<void>;
  /** All was written. */
  finish(): Promise<void>;
  /** It will not be finished. */
  abandon(): Promise<void>;
}

/** A file with one event a line; it stands under its name only when it is whole. */
export async function fileTarget(path: string): Promise<ExportTarget> {
  const partial = `${path}.part`;
  let file: FileHandle;
  try {
    file = await open(partial, 'w');
  } catch (error) {
    throw new CliFailure(exitCodes.usage, `'${path}' cannot be written: ${(error as Error).message}`);
  }
  return {
    async take(events) {
      for (const event of events) await file.write(`${JSON.stringify(event)}\n`);
    },
    async finish() {
      await file.close();
      await rename(partial, path);
    },
    async abandon() {
      await file.close();
      await rm(partial, { force: true });
    },
  };
}

export const nothingToDo = async (): Promise<void> => {};

/**
 * Reads the project's history page by page and hands each page to all targets, in order. Where one stops, the failure says with
 * which page to go on: what is told again is the same runs.
 */
export async function exportEvents(
  client: ApiClient,
  project: string,
  {
    targets,
    from,
    onPage,
  }: {
    readonly targets: readonly ExportTarget[];
    readonly from?: string | undefined;
    readonly onPage: (events: number) => void;
  },
): Promise<number> {
  let pageToken = from;
  let count = 0;
  try {
    do {
      const page = await client.call(listOpenLineageEvents, {
        params: { project },
        query: pageToken ? { pageToken } : {},
      });
      for (const target of targets) await target.take(page.events);
      count += page.events.length;
      onPage(count);
      pageToken = page.nextPageToken;
    } while (pageToken);
    for (const target of targets) await target.finish();
    return count;
  } catch (error) {
    for (const target of targets) await target.abandon();
    if (!(error instanceof CliFailure) || error.message.startsWith('InvalidPageToken')) throw error;
    const way = pageToken ? `Go on with --from ${pageToken}` : 'It was in the first page: begin again.';
    throw new CliFailure(error.exitCode, error.message, [
      ...error.details,
      `${count} events were through before the page in which it stopped. ${way}`,
    ]);
  }
}
