import { retrieveFeatures } from '#services/feature-store/engine/retrieve-features.ts';
import type { ViewOfRows } from '#services/feature-store/engine/source-rows.ts';
import { quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';

/**
 * Joins features in this process: `node features-join.ts ASKED ROWS FOLDER OUT TTL_DAYS event|known`: rows are visible from their event on, or from when they were known. Prints one line
 * of JSON: seconds without the start of the process, processor seconds, greatest resident set in megabytes, rows, and rows with values.
 */
const [, , asked = '', rows = '', folder = '', out = '', ttlDays = '', visible = 'event'] = process.argv;
const joinKeys = [{ name: 'driver_id', type: 'string' as const }];
const features = Array.from({ length: 5 }, (_none, number) => ({
  name: `f${number}`,
  column: `f${number}`,
  type: number === 3 ? ('integer' as const) : ('number' as const),
  sensitive: false,
}));
const definition: ViewOfRows = {
  joinKeys,
  source: {
    type: 'dataset',
    name: 'drivers',
    dataset: 'drivers',
    eventTimestamp: 'happened_at',
    ...(visible === 'event' ? { availabilityDelaySeconds: 0 } : { availabilityTimestamp: 'known_at' }),
  },
  features,
  aggregations: [],
};
const pinned = {
  view: 'drivers',
  version: 1,
  joinKeys,
  ttlSeconds: Number(ttlDays) * 86_400,
  store: 'dynamodb' as const,
  features: features.map(({ column: _column, ...feature }) => ({ ...feature, as: feature.name })),
  aggregations: [],
};

const startedMs = performance.now();
const cpu = process.cpuUsage();
const present = await withDuckDb(
  { folder, functionMemoryMb: 720, threads: 2, readable: [asked, rows, out] },
  async (database) => {
    const [counts] = await retrieveFeatures(database, {
      entityRows: { relation: `read_parquet(${quoteText(asked)})`, eventTimestamp: 'event_timestamp' },
      views: [{ pinned, definition, files: [{ path: rows, format: 'parquet' }] }],
      asOf: '2027-01-01T00:00:00.000Z',
      into: 'answers',
    });
    await database.run(
      `COPY (SELECT * EXCLUDE ("row") FROM answers ORDER BY "row") TO ${quoteText(out)} (FORMAT parquet)`,
    );
    return counts!;
  },
);
const used = process.cpuUsage(cpu);
process.stdout.write(
  `${JSON.stringify({
    seconds: (performance.now() - startedMs) / 1000,
    cpuSeconds: (used.user + used.system) / 1e6,
    memoryMb: process.resourceUsage().maxRSS / 1024,
    rows: present.present + present.expired + present.notFound,
    present: present.present,
  })}\n`,
);
