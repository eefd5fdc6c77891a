import type { RetrieveFeatures } from '#services/feature-store/engine/retrieve-features.ts';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { joinKeys } from './feature-views.ts';

/** A row of rides: driver, event, value, and when it was known: `a` (column), `u` (platform). Times of the first of May 2026 may be short. */
export type Ride = readonly [
  driver: string,
  event: string,
  x: number | null,
  known?: string | undefined,
  upload?: string,
];
export const time = (short: string): string => (/^\d\d:/.test(short) ? `2026-05-01T${short}Z` : short);
export const quoted = (value: string | null) =>
  value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;

export const pinnedRides = (name: string, of: Partial<RetrieveFeatures['views'][number]['pinned']> = {}) => ({
  view: name,
  version: 1,
  joinKeys: [...joinKeys],
  store: 'dynamodb' as const,
  features: [{ name: 'x', type: 'integer' as const, sensitive: false, as: 'x' }],
  aggregations: [],
  ...of,
});

export async function writeRides(database: DuckDb, rows: readonly Ride[], path: string): Promise<void> {
  const values = rows.map(
    ([driver, event, x, known, upload]) =>
      `(${quoted(driver)}, 1::BIGINT, '${time(event)}'::TIMESTAMPTZ, ${known === 'unknown' ? 'NULL' : `'${time(known ?? event)}'::TIMESTAMPTZ`}, ${x ?? 'NULL'}::BIGINT, '${upload ?? '2026-01-01T00:00:00Z'}'::TIMESTAMPTZ)`,
  );
  await database.run(
    `COPY (SELECT * FROM (VALUES ${values.join(', ')}) given(driver, zone, happened_at, known_from, x, _available_at)) TO '${path}' (FORMAT parquet)`,
  );
}

export const withRides = <Result>(run: (database: DuckDb, path: string) => Promise<Result>) =>
  withScratchFolder((folder) =>
    withDuckDb({ folder, functionMemoryMb: 512 }, (database) => run(database, `${folder}/rows`)),
  );

export const askedRides = (rows: readonly string[]) => ({
  relation: `(SELECT * FROM (VALUES ${rows.join(', ')}) given(driver, zone, happened))`,
  eventTimestamp: 'happened',
});
