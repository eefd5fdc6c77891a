import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { RetrievalPlan } from '../domain/retrieval-plan.ts';
import { statusColumn } from './retrieve-features.ts';
import { type SourceFile, sourceRowsSql } from './source-rows.ts';

type PlannedView = RetrievalPlan['views'][number];

/**
 * Why values of a view are missing, where a whole stretch of time is: its rows became known later than the entity rows' times, or there were
 * none. Undefined where nothing explains it. `entities` is a table of `row` and the time `asked_at`, `into` that of the retrieval.
 */
export async function noteOnMissing(
  database: DuckDb,
  { pinned: { view }, definition }: PlannedView,
  files: readonly SourceFile[],
  { asOf, into, entities }: { readonly asOf: string; readonly into: string; readonly entities: string },
): Promise<string | undefined> {
  const [first] = await database.rows<{ known: string | null; happened: string | null }>(
    `SELECT CAST(min(greatest(event_at, available_at)) AS VARCHAR) AS known, CAST(min(event_at) AS VARCHAR) AS happened
     FROM (${sourceRowsSql(definition, files)}) WHERE known_at <= $1::TIMESTAMPTZ`,
    [asOf],
  );
  const [{ rows, missing, happened } = { rows: 0n, missing: 0n, happened: 0n }] = await database.rows<{
    rows: bigint;
    missing: bigint;
    happened: bigint;
  }>(
    `SELECT count(*) AS "rows",
       count(*) FILTER (WHERE status = 'NOT_FOUND' AND ($1::TIMESTAMPTZ IS NULL OR asked_at < $1::TIMESTAMPTZ)) AS missing,
       count(*) FILTER (WHERE status = 'NOT_FOUND' AND asked_at < $1::TIMESTAMPTZ AND asked_at >= $2::TIMESTAMPTZ) AS happened
     FROM (SELECT ${quoteName(statusColumn(view))} AS status, asked_at FROM ${quoteName(into)} JOIN ${quoteName(entities)} USING ("row"))`,
    [first?.known ?? null, first?.happened ?? null],
  );
  if (missing === 0n) return undefined;
  if (first?.known == null) return `View '${view}' has no row that was known at ${asOf}.`;
  const { source } = definition;
  const saysWhen =
    source.type !== 'dataset' ||
    source.availabilityTimestamp !== undefined ||
    source.availabilityDelaySeconds !== undefined;
  if (happened > 0n && !saysWhen)
    return `${missing} of ${rows} entity rows lie before the first row of view '${view}' was known (${first.known}); for ${happened} of them rows had happened by then and became known later. Declare availabilityTimestamp or availabilityDelay of the source '${source.name}' where history was uploaded later than it was known.`;
  return `${missing} of ${rows} entity rows lie before the first row of view '${view}' was known (${first.known}).`;
}
