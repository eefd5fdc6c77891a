import type { Table } from '#shared/aws/table.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { Trace } from '../domain/trace.ts';
import type { TraceRange } from '../ports/traces.ts';
import type { StoredItems } from './items.ts';

/**
 * Partitions of the index that the traces of one experiment are spread over: DynamoDB writes 1,000 kB a second into one, which
 * these eight take from an experiment with several hundred traces a second. A list asks all of them.
 */
const shards = 8;
const timeDigits = 15;
/** Sorts behind every id. */
const behindIds = '~';
const pageSize = 50;

/** Where a trace is in the index: its experiment and a shard of it, by time. */
export const traceIndexKeys = ({ experimentId, traceId, requestTimeMs }: Trace) => ({
  gsi1pk: shardOf(experimentId, Number.parseInt(sha256Hex(traceId).slice(0, 8), 16) % shards),
  gsi1sk: `${timeText(requestTimeMs)}#${traceId}`,
});

/** All partitions of the index that have traces of an experiment. */
export const shardsOf = (experimentId: string): string[] =>
  Array.from({ length: shards }, (_none, shard) => shardOf(experimentId, shard));

const shardOf = (experimentId: string, shard: number): string => `TRACES#${experimentId}#${shard}`;
const timeText = (ms: number): string => String(ms).padStart(timeDigits, '0');

export const traceOf = (item: StoredItems['trace']): Trace => JSON.parse(item.trace) as Trace;

/** Traces of the experiments as one list by time, read from all shards only as far as it is asked for. */
export async function* listTraces(table: Table, range: TraceRange): AsyncGenerator<Trace> {
  const sign = range.newestFirst ? -1 : 1;
  const sources = await Promise.all(
    range.experimentIds.flatMap(shardsOf).map(async (pk) => {
      const items = shardItems(table, pk, range);
      return { items, head: await items.next() };
    }),
  );
  for (;;) {
    const heads = sources.flatMap(({ head }) => (head.done ? [] : [head.value.requestTimeMs]));
    if (heads.length === 0) return;
    const now = sign * Math.min(...heads.map((ms) => sign * ms));
    yield* await sameMoment(sources, now);
  }
}

interface Source {
  readonly items: AsyncGenerator<Trace>;
  head: IteratorResult<Trace>;
}

/** Takes the traces of one millisecond from all shards, by id. */
async function sameMoment(sources: readonly Source[], ms: number): Promise<Trace[]> {
  const taken: Trace[] = [];
  for (const source of sources) {
    while (!source.head.done && source.head.value.requestTimeMs === ms) {
      taken.push(source.head.value);
      source.head = await source.items.next();
    }
  }
  return taken.sort((a, b) => (a.traceId < b.traceId ? -1 : 1));
}

async function* shardItems(
  table: Table,
  pk: string,
  { fromMs, toMs, newestFirst }: TraceRange,
): AsyncGenerator<Trace> {
  let pageToken: string | undefined;
  do {
    const page = await table.query<StoredItems['trace']>({
      index: 'gsi1',
      pk,
      skBetween: [timeText(fromMs), `${timeText(toMs)}#${behindIds}`],
      newestFirst,
      limit: pageSize,
      ...(pageToken ? { pageToken } : {}),
    });
    yield* page.items.map(traceOf);
    pageToken = page.nextPageToken;
  } while (pageToken);
}
