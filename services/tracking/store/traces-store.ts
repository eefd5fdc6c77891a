import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Trace } from '../domain/trace.ts';
import type { TraceFiles, TraceStore } from '../ports/traces.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { listTraces, traceIndexKeys, traceOf } from './trace-index.ts';
import { keepSpans, readSpans, spanItems, traceDirectory, traceKey } from './trace-spans.ts';

/** Room for what DynamoDB adds: an item has at most 409,600 bytes. */
const maxTraceBytes = 350_000;
const attempts = 12;
const firstPauseMs = 20;
const longestPauseMs = 600;

/**
 * `TRACE#<traceId>` / `TRACE`: a trace without its spans; in the index by experiment, shard and time (trace-index.ts).
 * `TRACE#<traceId>` / `SPANS#<hash>`: spans that came in one request; the hash is that of their content.
 */
export function createTraceStore(
  stored: Table,
  files: TraceFiles,
  pause: (ms: number) => Promise<unknown>,
): TraceStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async read(traceId) {
      const item = await table.get<StoredItems['trace']>(traceKey(traceId));
      return item && traceOf(item);
    },
    async readAll(traceIds) {
      const unique = [...new Set(traceIds)];
      const items = await table.getAll<StoredItems['trace']>(unique.map(traceKey));
      const byId = new Map(items.map((item) => [item.pk, traceOf(item)]));
      return unique.flatMap((traceId) => byId.get(traceKey(traceId).pk) ?? []);
    },
    async change(traceId, change) {
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const item = await table.get<StoredItems['trace']>(traceKey(traceId));
        const next = await change(item && traceOf(item));
        if (await replace(table, item, next)) return next;
        await pause(Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** attempt));
      }
      throw new AppError(
        'throttled',
        'TraceBusy',
        `Others were writing trace ${traceId} all the time. Try again.`,
        { retryAfterSeconds: 1 },
      );
    },
    keepSpans: (experimentId, batch, receivedAtMs) =>
      keepSpans(table, files, experimentId, batch, receivedAtMs),
    spans: (traceId) => readSpans(table, files, traceId),
    list: (range) => listTraces(table, range),
    remove: (trace) => remove(table, files, trace),
  };
}

/** Writes a trace if it is still what was read; false where somebody else wrote since. */
async function replace(table: Table, item: StoredItems['trace'] | undefined, next: Trace): Promise<boolean> {
  const trace = JSON.stringify(next);
  if (trace === item?.trace) return true;
  const bytes = Buffer.byteLength(trace);
  if (bytes > maxTraceBytes) throw tooLarge(next.traceId, bytes);
  try {
    await table.put(
      {
        ...traceKey(next.traceId),
        schemaVersion: 1,
        revision: (item?.revision ?? 0) + 1,
        trace,
        ...traceIndexKeys(next),
      },
      {
        when: item ? { equals: { revision: item.revision } } : { absent: true },
        otherwise: new AppError('conflict', 'TraceChanged', `Trace ${next.traceId} was changed meanwhile.`),
      },
    );
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'TraceChanged') return false;
    throw error;
  }
}

/** The trace itself goes last: where the rest fails, it is still there to be removed again. */
async function remove(table: Table, files: TraceFiles, { traceId, experimentId }: Trace): Promise<void> {
  const spans = await spanItems(table, traceId);
  const directory = traceDirectory(experimentId, traceId);
  // Spans that came before the trace moved to this experiment lie with the one before.
  const elsewhere = spans.flatMap(({ path }) => (path?.startsWith(`${directory}/`) === false ? [path] : []));
  await Promise.all([`${directory}/`, ...elsewhere].map((path) => files.removeUnder(path)));
  await table.deleteAll(spans);
  await table.deleteAll([traceKey(traceId)]);
}

const tooLarge = (traceId: string, bytes: number): AppError =>
  new AppError(
    'invalid_input',
    'TraceTooLarge',
    `The tags, metadata, previews and assessments of trace ${traceId} would have ${bytes} bytes; ${maxTraceBytes} are allowed. Put big parts into its spans or files.`,
  );
