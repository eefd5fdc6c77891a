import type { Item, Table } from '#shared/aws/table.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { LoggedMetric, MetricPoint } from '../domain/run.ts';
import type { RunChange } from '../ports/run-store.ts';
import type { StoredItems } from './items.ts';
import { loosePrefix, mergedPrefix, metricsPartition, packedPrefix } from './keys.ts';
import { decodeBlock, encodeBlock, grouped, type PointsByKey } from './metric-blocks.ts';

/** Most bytes of points in the run's item: about 60 calls of log_metric. */
const maxNewestBytes = 700;
/** A metric with as many points in one call has a block of its own, so that its history reads nothing else. */
const ownBlockFromPoints = 200;

/** How the points of a change are stored: in the run's item while they are few, and in blocks. */
export interface Arrangement {
  readonly blocks: readonly Item[];
  readonly newestPoints?: Uint8Array;
  readonly looseBlocks: number;
}

/**
 * Histories of metrics, in blocks of points that never change. Points wait in the run's item until they are enough for a block.
 * Few metrics per call go to a loose block of all of them; reading a history reads all loose blocks, so they are merged when they
 * become many.
 */
export function createMetricStore(table: Table, ids: IdGenerator) {
  const block = (runId: string, prefix: string, points: PointsByKey): Item =>
    ({
      pk: metricsPartition(runId),
      sk: `${prefix}${ids.next()}`,
      schemaVersion: 1,
      points: encodeBlock(points),
    }) satisfies StoredItems['metricBlock'];
  const readAll = async (runId: string, prefix: string, metricKey: string): Promise<MetricPoint[][]> => {
    const found: MetricPoint[][] = [];
    let pageToken: string | undefined;
    do {
      const page = await table.query<StoredItems['metricBlock']>({
        pk: metricsPartition(runId),
        skPrefix: prefix,
        consistent: true,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      found.push(...page.items.map(({ points }) => decodeBlock(points, metricKey).get(metricKey) ?? []));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return found;
  };
  return {
    /** `isLast`: nothing more is expected, so that nothing stays in the run's item, which searches read. */
    arrange({ before, run, points }: RunChange, isLast: boolean): Arrangement {
      const { newestPoints, looseBlocks } = before;
      if (points.length === 0 && !(isLast && newestPoints.size > 0))
        return { blocks: [], looseBlocks, ...encodedNewest(newestPoints) };
      const all = merged(newestPoints, points);
      if (!isLast && points.length <= maxNewestBytes / 8) {
        const encoded = encodeBlock(all);
        if (encoded.byteLength <= maxNewestBytes) return { blocks: [], newestPoints: encoded, looseBlocks };
      }
      const own = [...all].filter(([, list]) => list.length >= ownBlockFromPoints);
      const others = new Map([...all].filter(([, list]) => list.length < ownBlockFromPoints));
      const blocks = [
        ...own.map((entry) => block(run.runId, packedPrefix(entry[0]), new Map([entry]))),
        ...(others.size > 0 ? [block(run.runId, loosePrefix, others)] : []),
      ];
      return { blocks, looseBlocks: looseBlocks + (others.size > 0 ? 1 : 0) };
    },
    /**
     * Points of a metric in blocks. Loose ones are read first: merging writes what is merged before it deletes, so no point is missed.
     */
    async read(runId: string, metricKey: string): Promise<MetricPoint[]> {
      const found: MetricPoint[][] = [];
      for (const prefix of [loosePrefix, mergedPrefix, packedPrefix(metricKey)])
        found.push(...(await readAll(runId, prefix, metricKey)));
      return found.flat();
    },
  };
}

const encodedNewest = (points: PointsByKey): { newestPoints?: Uint8Array } =>
  points.size === 0 ? {} : { newestPoints: encodeBlock(points) };

function merged(newest: PointsByKey, points: readonly LoggedMetric[]): PointsByKey {
  const all = grouped(points);
  for (const [key, list] of newest) all.set(key, [...list, ...(all.get(key) ?? [])]);
  return all;
}
