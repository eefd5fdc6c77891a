import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { Batch } from './column-source.ts';

const table = '_profile_sample';

/** Keeps about `maxRows` rows of a batch, or all where there are no more: chosen by a hash of the row's number, so the same each time. Returns the table's name. */
export async function drawSample(
  database: DuckDb,
  { sources, rows }: Batch,
  size: { readonly rows: number; readonly maxRows: number },
): Promise<string> {
  const columns = sources.map(({ sql }) => sql).join(', ');
  const all = `SELECT ${columns} FROM ${rows}`;
  const every = Math.ceil(size.rows / Math.max(size.maxRows, 1));
  const some = `SELECT ${columns} FROM (SELECT ${columns}, row_number() OVER () AS _row FROM ${rows}) WHERE hash(_row) % ${every} = 0`;
  await database.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${every <= 1 ? all : some}`);
  return table;
}
