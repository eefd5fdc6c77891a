import { join } from 'node:path';
import { type DuckDb, quoteText } from '#shared/duckdb/duckdb.ts';

/** Where rows come from in which values are looked for. */
export interface KeyRows {
  /** SQL, for FROM, of rows with the columns `values`. */
  readonly relation: string;
  readonly values: readonly string[];
  /** About how many rows there are. */
  readonly rows: number;
}

/** So many values are grouped at once: some 100 MB. */
const maxGrouped = 1_500_000;

/**
 * Makes a table with the values (`key`) that come more than once; answers how many there are. Of more rows than are grouped at once, first their hashes
 * are written down and grouped part by part; only values whose hash comes again are looked at themselves, so that memory does not grow with the rows.
 */
export async function tableOfRepeated(
  database: DuckDb,
  table: string,
  { relation, values, rows }: KeyRows,
  options: { readonly folder: string; readonly maxRows?: number },
): Promise<number> {
  const maxRows = options.maxRows ?? maxGrouped;
  const parts = Math.ceil(rows / maxRows);
  const there = areThere(values);
  const hash = `hash(${keyOf(values)})`;
  if (parts > 1) {
    const hashes = quoteText(join(options.folder, `${table}.parquet`));
    await database.run(
      `COPY (SELECT ${hash} AS h FROM ${relation} WHERE ${there}) TO ${hashes} (FORMAT parquet, COMPRESSION uncompressed)`,
    );
    await database.run(`CREATE TABLE ${table}_hashes (h UBIGINT)`);
    for (let part = 0; part < parts; part += 1)
      await database.run(
        `INSERT INTO ${table}_hashes SELECT h FROM read_parquet(${hashes}) WHERE h % ${parts} = ${part} GROUP BY h HAVING count(*) > 1`,
      );
    if ((await countOf(database, `${table}_hashes`)) === 0) return 0;
  }
  const suspects = parts > 1 ? ` AND ${hash} IN (SELECT h FROM ${table}_hashes)` : '';
  await database.run(
    `CREATE TABLE ${table} AS SELECT ${keyOf(values)} AS key FROM ${relation} WHERE ${there}${suspects} GROUP BY ${values.join(', ')} HAVING count(*) > 1`,
  );
  return countOf(database, table);
}

async function countOf(database: DuckDb, table: string): Promise<number> {
  const [found] = await database.rows<{ values: bigint }>(`SELECT count(*) AS "values" FROM ${table}`);
  return Number(found!.values);
}

export const areThere = (values: readonly string[]): string =>
  values.map((value) => `${value} IS NOT NULL`).join(' AND ');

/** One value to look for: a struct where there are several. */
export const keyOf = (values: readonly string[]): string =>
  values.length === 1 ? values[0]! : `{${values.map((value, index) => `k${index}: ${value}`).join(', ')}}`;
