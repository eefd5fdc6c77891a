import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { RowCheck } from './compile/row-checks.ts';
import type { RowCompiler, Surroundings } from './judged-rows.ts';
import type { ObjectRows } from './version-rows.ts';

/** Looks at the columns of checks that judge a row by other rows, before any row is judged. */
export async function findSurroundings(
  database: DuckDb,
  compiler: RowCompiler,
  objects: readonly ObjectRows[],
  checks: readonly RowCheck[],
): Promise<Surroundings> {
  const flags = new Map<RowCheck, string>();
  for (const [index, check] of checks.entries()) {
    if (check.rule.check !== 'unique' || objects.length === 0) continue;
    const repeated = await findRepeated(database, compiler, objects, check.columns, `repeated_${index}`);
    if (repeated) flags.set(check, repeated);
  }
  return { flags, bounds: new Map() };
}

/** Puts the values that come more than once in an upload into a table; answers SQL of whether a row has one of them, undefined where there are none. */
async function findRepeated(
  database: DuckDb,
  compiler: RowCompiler,
  objects: readonly ObjectRows[],
  columns: readonly string[],
  table: string,
): Promise<string | undefined> {
  const values = columns.map((column) => compiler.value(column));
  const rows = objects
    .map((object) => `SELECT _upload, ${values.join(', ')} FROM (${compiler.rows(object)})`)
    .join(' UNION ALL ');
  const present = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  await database.run(
    `CREATE TABLE ${table} AS SELECT ${keyOf(values)} AS key FROM (${rows}) WHERE ${present} GROUP BY _upload, ${values.join(', ')} HAVING count(*) > 1`,
  );
  const [found] = await database.rows<{ keys: bigint }>(`SELECT count(*) AS keys FROM ${table}`);
  if (found!.keys === 0n) return undefined;
  return `(${present} AND ${keyOf(values)} IN (SELECT key FROM ${table}))`;
}

const keyOf = (values: readonly string[]): string =>
  `{_upload: _upload, ${values.map((value) => `${value}: ${value}`).join(', ')}}`;
