import type { Item, Table } from '#shared/aws/table.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { LoggedMetric, MetricPoint } from '../domain/run.ts';
import type { RunChange } from '../ports/run-store.ts';
import type { StoredItems } from './items.ts';
import { loosePrefix, mergedPrefix, metricsPartition, packedPrefix } from './keys.ts';
import { decodeBlock, encodeBlock, grouped, halves, type PointsByKey } from './metric-blocks.ts';

/** Most bytes of points in the run's item: about 60 calls of log_metric. */
const maxNewestBytes = 700;
/** No call with more points can be that small. */
const maxNewestPoints = 80;
/** A metric with as many points in one call has a block of its own, so that its history reads nothing else. */
const ownBlockFromPoints = 200;
/** Loose blocks are merged when there are so many: a history reads about as many for nothing. */
const mergeFromBlocks = 64;
/** A metric with as many points in merged blocks has a block of its own. */
const packFromPoints = 32;
/** Up to so many blocks a history is one query of all of them. */
const maxBlocksOfOneQuery = 16;
/** A block is an item, which has 409,600 bytes at most. */
const maxBlockBytes = 200_000;
const parallelWrites = 16;

/** How the points of a change are stored: in the run's item while they are few, and in blocks. */
export interface Arrangement {
  readonly blocks: number;
  readonly looseBlocks: number;
  readonly newestPoints?: Uint8Array;
}

/**
 * Histories of metrics, in blocks of points that never change. Points wait in the run's item until they are enough for a block.
 * Few metrics per call go to a loose block of all of them; reading a history reads all loose blocks, so they are merged when they
 * become many.
 */
export function createMetricStore(table: Table, ids: IdGenerator) {
  /** One item, or several where it would be too big. */
  const blocksOf = (runId: string, prefix: string, points: PointsByKey): Item[] => {
    const encoded = encodeBlock(points);
    if (encoded.byteLength > maxBlockBytes)
      return halves(points).flatMap((half) => blocksOf(runId, prefix, half));
    const key = { pk: metricsPartition(runId), sk: `${prefix}${ids.next()}` };
    return [{ ...key, schemaVersion: 1, points: encoded } satisfies StoredItems['metricBlock']];
  };
  const query = async (runId: string, skPrefix?: string): Promise<StoredItems['metricBlock'][]> => {
    const found: StoredItems['metricBlock'][] = [];
    let pageToken: string | undefined;
    do {
      const page = await table.query<StoredItems['metricBlock']>({
        pk: metricsPartition(runId),
        consistent: true,
        ...(skPrefix === undefined ? {} : { skPrefix }),
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      found.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return found;
  };
  /** Blocks of metrics with enough points of their own, and of all others together. */
  const apart = (runId: string, points: PointsByKey, fromPoints: number, othersPrefix: string) => {
    const own = [...points].filter(([, list]) => list.length >= fromPoints);
    const others = new Map([...points].filter(([, list]) => list.length < fromPoints));
    return {
      own: own.flatMap((entry) => blocksOf(runId, packedPrefix(entry[0]), new Map([entry]))),
      others: others.size === 0 ? [] : blocksOf(runId, othersPrefix, others),
    };
  };
  return {
    /** `isLast`: nothing more is expected, so that nothing stays in the run's item, which searches read. */
    arrange({ before, run, points }: RunChange, isLast: boolean): ArrangedBlocks {
      const { newestPoints, looseBlocks, blocks } = before;
      const counts = { looseBlocks, blocks };
      if (points.length === 0 && !(isLast && newestPoints.size > 0))
        return { items: [], needsMerge: false, stored: { ...counts, ...encodedNewest(newestPoints) } };
      const all = withNewest(newestPoints, points);
      if (!isLast && points.length <= maxNewestPoints) {
        const encoded = encodeBlock(all);
        if (encoded.byteLength <= maxNewestBytes)
          return { items: [], needsMerge: false, stored: { ...counts, newestPoints: encoded } };
      }
      const { own, others } = apart(run.runId, all, ownBlockFromPoints, loosePrefix);
      const loose = looseBlocks + others.length;
      const needsMerge = loose >= mergeFromBlocks;
      return {
        items: [...own, ...others],
        needsMerge,
        stored: { looseBlocks: needsMerge ? 0 : loose, blocks: blocks + own.length + others.length },
      };
    },
    /**
     * Points of a metric in blocks, of which a run had `blocks` at least. Loose ones are read first: a merge writes what it merged
     * before it deletes, so that no point is missed.
     */
    async read(runId: string, metricKey: string, blocks: number): Promise<MetricPoint[]> {
      if (blocks === 0) return [];
      const pointsOf = ({ points }: StoredItems['metricBlock']) =>
        decodeBlock(points, metricKey).get(metricKey) ?? [];
      const packed = packedPrefix(metricKey);
      if (blocks <= maxBlocksOfOneQuery) {
        const found = await query(runId);
        return found.filter(({ sk }) => !sk.startsWith('PACKED#') || sk.startsWith(packed)).flatMap(pointsOf);
      }
      const loose = await query(runId, loosePrefix);
      const [merged, own] = await Promise.all([query(runId, mergedPrefix), query(runId, packed)]);
      return [...loose, ...merged, ...own].flatMap(pointsOf);
    },
    /** Makes few blocks of the loose ones. Doing it twice leaves points twice, which are one when they are read. */
    async merge(runId: string): Promise<void> {
      const loose = await query(runId, loosePrefix);
      const points = new Map<string, MetricPoint[]>();
      for (const { points: block } of loose) {
        for (const [key, list] of decodeBlock(block)) points.set(key, [...(points.get(key) ?? []), ...list]);
      }
      const { own, others } = apart(runId, points, packFromPoints, mergedPrefix);
      const items = [...own, ...others];
      for (let i = 0; i < items.length; i += parallelWrites)
        await Promise.all(items.slice(i, i + parallelWrites).map((item) => table.put(item)));
      await table.deleteAll(loose);
    },
  };
}

export interface ArrangedBlocks {
  /** Items that are written with the run. */
  readonly items: readonly Item[];
  readonly needsMerge: boolean;
  readonly stored: Arrangement;
}

const encodedNewest = (points: PointsByKey): { newestPoints?: Uint8Array } =>
  points.size === 0 ? {} : { newestPoints: encodeBlock(points) };

function withNewest(newest: PointsByKey, points: readonly LoggedMetric[]): PointsByKey {
  const all = grouped(points);
  for (const [key, list] of newest) all.set(key, [...list, ...(all.get(key) ?? [])]);
  return all;
}
