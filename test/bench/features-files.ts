import path from 'node:path';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';

/** Parquet files of a point-in-time join. */
export interface FeatureFiles {
  readonly asked: string;
  readonly rows: string;
}
export const askedRows = 1_000_000;
export const featureRows = 10_000_000;
export const entities = 100_000;
/** Days that rows and questions are spread over. */
const days = 100;

/**
 * Rows of five features in the order of time, and what is asked about. One row in twenty became known late, by up to ten days
 * (`known_at`). The same bytes in every run: nothing is random but by hash.
 */
export async function writeFeatureFiles(folder: string): Promise<FeatureFiles> {
  const files = { asked: path.join(folder, 'asked.parquet'), rows: path.join(folder, 'rows.parquet') };
  const step = (days * 86_400 * 1_000_000) / featureRows;
  const hashed = (what: string, below: number) => `(hash(${what}) % ${below})::BIGINT`;
  const late = `CASE WHEN hash(range * 3) % 20 = 0 THEN ${hashed('range * 5', 10 * 86_400 * 1_000_000)} ELSE 0 END`;
  await withDuckDb({ folder, functionMemoryMb: 2000, threads: 2 }, async (database) => {
    await database.run(
      `COPY (
         SELECT 'driver-' || hash(range) % ${entities} AS driver_id, e AS happened_at, e + to_microseconds(${late}) AS known_at,
           sin(range) AS f0, cos(range) AS f1, ${hashed('range + 1', 1000)} / 10.0::DOUBLE AS f2, ${hashed('range + 2', 100)} AS f3,
           CASE WHEN hash(range) % 10 > 0 THEN sqrt(range) END AS f4, TIMESTAMPTZ '2026-06-01' AS _available_at
         FROM (SELECT range, TIMESTAMPTZ '2026-01-01' + to_microseconds(range * ${step} + ${hashed('range * 7', step)}) AS e FROM range(${featureRows}))
       ) TO '${files.rows}' (FORMAT parquet)`,
    );
    await database.run(
      `COPY (
         SELECT 'driver-' || hash(range * 11) % ${entities} AS driver_id,
           TIMESTAMPTZ '2026-01-02' + to_microseconds(${hashed('range * 13', days * 86_400 * 1_000_000)}) AS event_timestamp, range AS label
         FROM range(${askedRows})
       ) TO '${files.asked}' (FORMAT parquet)`,
    );
  });
  return files;
}
