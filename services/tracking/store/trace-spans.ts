import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Key, Table } from '#shared/aws/table.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { inOrder, type Span, withoutRepeats } from '../domain/spans.ts';
import type { SpanBatch } from '../domain/trace.ts';
import type { TraceFiles } from '../ports/traces.ts';
import type { StoredItems } from './items.ts';

const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

/** An item of DynamoDB has at most 409,600 bytes: what is bigger goes to S3. */
const maxPackedBytes = 300_000;

export const traceKey = (traceId: string): Key => ({ pk: `TRACE#${traceId}`, sk: 'TRACE' });
/** What is kept of a trace as files: below `artifacts` what clients put there, beside it its spans where they are big. */
export const traceDirectory = (experimentId: string, traceId: string): string =>
  `${experimentId}/traces/${traceId}`;
const spansPrefix = 'SPANS#';

export async function keepSpans(
  table: Table,
  files: TraceFiles,
  experimentId: string,
  { traceId, spans }: SpanBatch,
  receivedAtMs: number,
): Promise<void> {
  const json = JSON.stringify(spans);
  const hash = sha256Hex(json).slice(0, 32);
  const packed = await pack(json);
  const item = {
    pk: traceKey(traceId).pk,
    sk: `${spansPrefix}${hash}`,
    schemaVersion: 1,
    receivedAtMs,
  };
  if (packed.byteLength <= maxPackedBytes) return table.put({ ...item, packed });
  const path = `${traceDirectory(experimentId, traceId)}/spans/${hash}`;
  await files.put(path, packed);
  await table.put({ ...item, path });
}

export async function readSpans(table: Table, files: TraceFiles, traceId: string): Promise<Span[]> {
  const items = await spanItems(table, traceId);
  const batches = await Promise.all(
    items
      .toSorted((a, b) => a.receivedAtMs - b.receivedAtMs)
      .map(async ({ packed, path }) => {
        const content = packed ?? (await files.read(path!));
        return JSON.parse((await unpack(content)).toString('utf8')) as Span[];
      }),
  );
  return inOrder(withoutRepeats(batches.flat()));
}

/** All items that hold spans of a trace. */
export async function spanItems(table: Table, traceId: string): Promise<StoredItems['spans'][]> {
  const items: StoredItems['spans'][] = [];
  let pageToken: string | undefined;
  do {
    const page = await table.query<StoredItems['spans']>({
      pk: traceKey(traceId).pk,
      skPrefix: spansPrefix,
      consistent: true,
      ...(pageToken ? { pageToken } : {}),
    });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return items;
}
