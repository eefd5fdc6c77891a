import { gunzipSync, gzipSync } from 'node:zlib';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import type { CapturedPrediction } from '../contract.ts';
import type { Captures, ErasableCaptures } from '../ports.ts';
import { type CaptureItem, itemKinds, type StoredItems } from './items.ts';

/** New items with these keys stream to the capture writer. */
export const predictionPrefix = 'PREDICTION#';
export const labelsPrefix = 'LABELS#';

/** Lines of 2,000 features compress well below an item’s 400 KB in chunks of this many. */
const linesPerItem = 50;
const keptSeconds = 30 * 86_400;

export const unpack = <Line>(body: Uint8Array): Line[] =>
  JSON.parse(gunzipSync(body).toString('utf8')) as Line[];

const pack = (lines: readonly unknown[]): Uint8Array => gzipSync(JSON.stringify(lines), { level: 3 });

const chunkKey = (index: number): string =>
  `CHUNK#${String(Math.floor(index / linesPerItem)).padStart(4, '0')}`;

export function createCaptures(stored: Table, clock: Clock): Captures & ErasableCaptures {
  const table = versionedTable(stored, itemKinds);
  const save = async <Line extends { readonly at: string }>(
    pk: string,
    project: string,
    lines: readonly Line[],
  ): Promise<void> => {
    const starts = Array.from(
      { length: Math.ceil(lines.length / linesPerItem) },
      (_none, chunk) => chunk * linesPerItem,
    );
    await Promise.all(
      starts.map((start) => {
        const part = lines.slice(start, start + linesPerItem);
        const item: CaptureItem = {
          pk,
          sk: chunkKey(start),
          schemaVersion: 1,
          project,
          count: part.length,
          at: part[0]?.at ?? '',
          body: pack(part),
          expiresAt: epochSeconds(clock.now()) + keptSeconds,
        };
        return table.put(item);
      }),
    );
  };
  return {
    savePredictions: (requestId, predictions) =>
      save(`${predictionPrefix}${requestId}`, predictions[0]?.project ?? '', predictions),
    saveLabels: (batchId, project, labels) => save(`${labelsPrefix}${batchId}`, project, labels),
    async findPrediction(project, inferenceId) {
      const [, requestId, index] = /^(.+)-(\d{1,4})$/.exec(inferenceId) ?? [];
      if (!requestId || !index) return undefined;
      const item = await table.get<StoredItems['predictions']>({
        pk: `${predictionPrefix}${requestId}`,
        sk: chunkKey(Number(index)),
      });
      if (item?.project !== project) return undefined;
      return unpack<CapturedPrediction>(item.body).find((line) => line.inferenceId === inferenceId);
    },
    async erasePredictions(requestId, inferenceIds) {
      const pk = `${predictionPrefix}${requestId}`;
      const chunks = new Set([...inferenceIds].map((id) => chunkKey(Number(id.slice(requestId.length + 1)))));
      for (const sk of chunks) {
        const item = await table.get<StoredItems['predictions']>({ pk, sk });
        if (!item) continue;
        const lines = unpack<CapturedPrediction>(item.body);
        const kept = lines.filter((line) => !inferenceIds.has(line.inferenceId));
        if (kept.length === 0) await table.deleteAll([{ pk, sk }]);
        else if (kept.length < lines.length)
          await table.put({ ...item, count: kept.length, body: pack(kept) });
      }
    },
  };
}
