import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Key, Table } from '#shared/aws/table.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { inOrder, type Span, withoutRepeats } from '../domain/spans.ts';
import type { SpanBatch } from '../domain/trace.ts';
import type { TraceObjects } from '../ports/traces.ts';
import type { StoredItems } from './items.ts';

const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

/** An item of DynamoDB has at most 409,600 bytes: what is bigger goes to S3. */
const maxPackedBytes = 300_000;

export const traceKey = (traceId: string): Key => ({ pk: `TRACE#${traceId}`, sk: 'TRACE' });
/** Objects of a trace: files that clients put there, and its spans where they are big. */
export const tracePrefix = (experimentId: string, traceId: string): string =>
  `mlflow/${experimentId}/traces/${traceId}/`;
const spansPrefix = 'SPANS#';

export async function keepSpans(
  table: Table,
  objects: TraceObjects,
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
  const objectKey = `${tracePrefix(experimentId, traceId)}spans/${hash}`;
  await objects.put(objectKey, packed);
  await table.put({ ...item, objectKey });
}

export async function readSpans(table: Table, objects: TraceObjects, traceId: string): Promise<Span[]> {
  const items = await spanItems(table, traceId);
  const batches = await Promise.all(
    items
      .toSorted((a, b) => a.receivedAtMs - b.receivedAtMs)
      .map(async ({ packed, objectKey }) => {
        const content = packed ?? (await objects.get(objectKey!));
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
