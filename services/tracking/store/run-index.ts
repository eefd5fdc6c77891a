import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { encodePageToken } from '#shared/kernel/paging.ts';
import type { TrackedRun } from '../domain/run.ts';
import type { RunIndex, RunPosition, RunSource } from '../ports/run-index.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { formerRunsPartition, runKey, runShards, runSort, runsPartition } from './keys.ts';
import { decodedRun, readState, runIdOf } from './run-items.ts';

/** Of the first page of each partition: a third more than its share of what is wanted, as shares are not equal. */
const firstPageRuns = (count: number): number => Math.ceil((count * 4) / (3 * runShards)) + 10;
/** Partitions that are read at the same time. */
const maxParallelReads = 64;
/** The same where all is read: a page of each is in memory, 1 MB that becomes several as objects. */
const maxParallelWholeReads = 16;

interface Partition {
  readonly pk: string;
  /** Runs of release 0.1 are in the index by other sort keys. */
  readonly isFormer: boolean;
}

/** Reads runs by the table's index: see keys.ts for its partitions. */
export function createRunIndex(stored: Table): RunIndex {
  const table = versionedTable(stored, itemKinds);
  /** The index follows the table: of a run in parts that was replaced since, the present one. */
  const asRun = (item: StoredItems['run']): TrackedRun | undefined | Promise<TrackedRun | undefined> =>
    item.parts === 0 ? decodedRun(item) : readState(table, runIdOf(item)).then((state) => state?.run);
  const page = async (pk: string, options: { limit?: number; pageToken?: string } = {}) => {
    const found = await table.query<StoredItems['run']>({ index: 'gsi1', pk, ...options });
    const runs = await Promise.all(found.items.map(asRun));
    return { ...found, items: runs.filter((run) => run !== undefined) };
  };
  const visitPartition = async ({ pk }: Partition, visit: (run: TrackedRun) => void): Promise<void> => {
    let pageToken: string | undefined;
    do {
      const next = await page(pk, pageToken === undefined ? {} : { pageToken });
      for (const run of next.items) visit(run);
      pageToken = next.nextPageToken;
    } while (pageToken !== undefined);
  };
  async function* partitionNewestFirst(
    partition: Partition,
    { after, count }: NonNullable<Parameters<RunIndex['newestFirst']>[1]>,
  ): AsyncGenerator<TrackedRun> {
    const { pk, isFormer } = partition;
    if (isFormer) {
      const runs: TrackedRun[] = [];
      await visitPartition(partition, (run) => runs.push(run));
      runs.sort(byPosition);
      yield* after ? runs.filter((run) => byPosition(after, run) < 0) : runs;
      return;
    }
    let pageToken = after && startToken(pk, after);
    let limit = count === undefined ? undefined : firstPageRuns(count);
    do {
      const next = await page(pk, {
        ...(limit === undefined ? {} : { limit }),
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      yield* next.items;
      pageToken = next.nextPageToken;
      // Further pages are as long as DynamoDB makes them: 1 MB, more than a thousand runs.
      limit = undefined;
    } while (pageToken !== undefined);
  }
  return {
    async each(sources, visit) {
      await inParallel(partitionsOf(sources), maxParallelWholeReads, (partition) =>
        visitPartition(partition, visit),
      );
    },
    async *newestFirst(sources, options = {}) {
      const streams = partitionsOf(sources).map((partition) => partitionNewestFirst(partition, options));
      const firsts = await inParallel(streams, maxParallelReads, (stream) => stream.next());
      const heads = streams.flatMap((stream, i) => {
        const first = firsts[i]!;
        return first.done ? [] : [{ stream, run: first.value }];
      });
      heads.sort((a, b) => byPosition(a.run, b.run));
      while (heads.length > 0) {
        const [head] = heads as [(typeof heads)[number]];
        yield head.run;
        const next = await head.stream.next();
        heads.shift();
        if (!next.done) insertSorted(heads, { stream: head.stream, run: next.value });
      }
    },
  };
}

/** Keeps the heads in order; a stream's next run is mostly near the front. */
function insertSorted<Head extends { readonly run: TrackedRun }>(heads: Head[], head: Head): void {
  const place = heads.findIndex(({ run }) => byPosition(head.run, run) < 0);
  heads.splice(place === -1 ? heads.length : place, 0, head);
}

function partitionsOf(sources: readonly RunSource[]): Partition[] {
  return sources.flatMap(({ experimentId, stage }) => [
    ...Array.from({ length: runShards }, (_, shard) => ({
      pk: runsPartition(experimentId, stage, shard),
      isFormer: false,
    })),
    ...(stage === 'active' ? [{ pk: formerRunsPartition(experimentId), isFormer: true }] : []),
  ]);
}

const positionText = ({ startTime, runId }: RunPosition): string => runSort(startTime, runId);

function byPosition(a: RunPosition, b: RunPosition): number {
  const [left, right] = [positionText(a), positionText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The token of a page that begins behind a run, whether or not the run is in this partition. */
const startToken = (pk: string, { runId, startTime }: RunPosition): string =>
  encodePageToken({ ...runKey(runId), gsi1pk: pk, gsi1sk: runSort(startTime, runId) });

async function inParallel<In, Out>(
  all: readonly In[],
  most: number,
  work: (one: In) => Promise<Out>,
): Promise<Out[]> {
  const done: Out[] = [];
  for (let i = 0; i < all.length; i += most)
    done.push(...(await Promise.all(all.slice(i, i + most).map(work))));
  return done;
}
