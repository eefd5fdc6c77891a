import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import {
  describeSourceFiles,
  type SourceFile,
  sourceRowsSql,
  type ViewOfRows,
  valueName,
  viewValues,
} from './source-rows.ts';

/** SQL: the row is visible at the bound instant `$1`, to who knows what the platform knew then. */
export const visibleAtSql =
  'greatest(event_at, available_at) <= $1::TIMESTAMPTZ AND known_at <= $1::TIMESTAMPTZ';

/**
 * Makes the table `into` of the newest row of each entity that is visible at `asOf`: `k0`, `k1`, …, `event_at`, `available_at`, `tie` and the
 * features `f0`, `f1`, …; what a materialization writes.
 */
export async function latestRows(
  database: DuckDb,
  input: {
    readonly view: ViewOfRows;
    readonly files: readonly SourceFile[];
    readonly asOf: string;
    readonly into: string;
  },
): Promise<void> {
  const { view, asOf, into } = input;
  const files = await describeSourceFiles(database, input.files);
  const keys = view.joinKeys.map((_key, place) => `k${place}`).join(', ');
  const values = viewValues(view).map((_value, place) => valueName(view, place));
  // One aggregate of a struct: a null of the newest row stays a null.
  const newest = `arg_max(struct_pack(${['event_at', 'available_at', 'tie', ...values].map((name) => `${name} := ${name}`).join(', ')}), (event_at, available_at, tie))`;
  await database.run(
    `CREATE TABLE ${quoteName(into)} AS
     SELECT ${keys}, unnest(newest)
     FROM (SELECT ${keys}, ${newest} AS newest FROM (${sourceRowsSql(view, files)}) WHERE ${visibleAtSql} GROUP BY ${keys})`,
    [asOf],
  );
}
