import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { describeSourceFiles, type SourceFile, sourceRowsSql } from './source-rows.ts';

/** Rows that become visible later than this are found again by then. */
const days = 366;

/** When, after `asOf`, the first of the rows that are known then becomes visible: it happens, or becomes available, later. */
export async function nextVisible(
  database: DuckDb,
  {
    view,
    files,
    asOf,
  }: { readonly view: FeatureViewVersion; readonly files: readonly SourceFile[]; readonly asOf: string },
): Promise<string | undefined> {
  const rows = sourceRowsSql(view, await describeSourceFiles(database, files));
  const [found] = await database.rows<{ at: bigint | null }>(
    `SELECT epoch_us(min(greatest(event_at, available_at))) AS at FROM (${rows})
     WHERE known_at <= $1::TIMESTAMPTZ AND greatest(event_at, available_at) > $1::TIMESTAMPTZ
       AND greatest(event_at, available_at) < $1::TIMESTAMPTZ + INTERVAL ${days} DAY`,
    [asOf],
  );
  if (!found || found.at === null) return undefined;
  return new Date(Math.ceil(Number(found.at) / 1000)).toISOString();
}
