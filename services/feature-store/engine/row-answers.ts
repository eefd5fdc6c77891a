import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { PinnedView } from '../contract.ts';
import { statusSql } from '../domain/status.ts';
import type { NumberedRows } from './entity-rows.ts';
import { type SourceFile, sourceRowsSql, type ViewOfRows } from './source-rows.ts';

/** A view that values are asked of, with the files that hold its rows. */
export interface AskedView {
  readonly pinned: PinnedView;
  readonly definition: ViewOfRows;
  readonly files: readonly SourceFile[];
}

/**
 * Makes the table `into` of what a view with a schema answers for each entity row: `row`, `status`, `event_at`, and the pinned features `v0`, `v1`, …, which are
 * null unless the status is PRESENT.
 */
export async function answerRows(
  database: DuckDb,
  asked: NumberedRows,
  { pinned, definition, files }: AskedView,
  asOf: string,
  into: string,
): Promise<void> {
  const keys = pinned.joinKeys.map((key, place) => ({
    asked: `asked.${asked.keyColumn(key)}`,
    ours: `k${place}`,
  }));
  const source = pinned.features.map(
    ({ name }) => `f${definition.features.findIndex((feature) => feature.name === name)}`,
  );
  const newest = `arg_max(struct_pack(event_at := event_at${source.map((f) => `, ${f} := ${f}`).join('')}), (event_at, available_at, tie))`;
  const joined = keys.map((key) => `${key.asked} = rows.${key.ours}`).join(' AND ');
  const status = statusSql('newest.event_at', '__at', pinned.ttlSeconds);
  const values = source.map((f, place) => `CASE WHEN status = 'PRESENT' THEN newest.${f} END AS v${place}`);
  await database.run(
    `CREATE TABLE ${quoteName(into)} AS
     SELECT "row", status, newest.event_at AS event_at${values.map((v) => `, ${v}`).join('')}
     FROM (
       SELECT *, ${status} AS status FROM (
         SELECT asked."row", any_value(asked.__at) AS __at, ${newest} FILTER (WHERE rows.event_at IS NOT NULL) AS newest
         FROM ${quoteName(asked.table)} asked LEFT JOIN (SELECT * FROM (${sourceRowsSql(definition, files)}) WHERE known_at <= $1::TIMESTAMPTZ) rows
         ON ${joined} AND greatest(rows.event_at, rows.available_at) <= asked.__at${asked.andKnown}
         GROUP BY asked."row"
       )
     )`,
    [asOf],
  );
}
