import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { EntityKey } from '../domain/online-key.ts';
import type { KeyMatch } from '../ports.ts';

/** What rows of keys say of themselves. */
export interface ErasedRows {
  readonly rows: number;
  readonly viewKeys: readonly EntityKey[];
  readonly recordIds: readonly string[];
}

const recordId = '_record_id';

/**
 * Writes the file at `after` without the rows of the keys, in its own format and order; undefined, and nothing is written, where it has none
 * of them. Values are compared as they are written.
 */
export async function withoutKeys(
  database: DuckDb,
  file: { readonly path: string; readonly format: 'jsonl' | 'parquet'; readonly after: string },
  { joinKeys, keys, viewKeys }: KeyMatch,
): Promise<(ErasedRows & { readonly kept: number }) | undefined> {
  const isText = file.format === 'jsonl';
  // Lines as they are: what is kept keeps its bytes.
  const relation = isText
    ? `read_csv(${quoteText(file.path)}, header = false, delim = '', quote = '', escape = '', columns = {line: 'VARCHAR'}, max_line_size = 4194304)`
    : `read_parquet(${quoteText(file.path)})`;
  const column = (name: string) =>
    isText ? `(line ->> ${quoteText(`$.${JSON.stringify(name)}`)})` : `CAST(${quoteName(name)} AS VARCHAR)`;
  await database.run(
    `CREATE OR REPLACE TABLE erased_keys (${joinKeys.map((_key, place) => `k${place} VARCHAR`).join(', ')})`,
  );
  for (const key of keys)
    await database.run(
      `INSERT INTO erased_keys VALUES (${key.map((_value, place) => `$${place + 1}`).join(', ')})`,
      key.map(String),
    );
  const matches = joinKeys.map(({ name }, place) => `k${place} = ${column(name)}`).join(' AND ');
  const isErased = `EXISTS (SELECT 1 FROM erased_keys WHERE ${matches})`;
  const names = viewKeys.map(({ name }, place) => `${column(name)} AS v${place}`);
  const erased = await database.rows<Record<string, string | null>>(
    `SELECT ${[...names, `${column(recordId)} AS id`].join(', ')} FROM ${relation} WHERE ${isErased}`,
  );
  if (erased.length === 0) return undefined;
  const options = isText
    ? `FORMAT csv, HEADER false, DELIMITER '\\0', QUOTE '', ESCAPE ''`
    : 'FORMAT parquet, COMPRESSION zstd';
  await database.run(
    `COPY (SELECT * FROM ${relation} WHERE NOT ${isErased}) TO ${quoteText(file.after)} (${options})`,
  );
  const [{ kept } = { kept: 0n }] = await database.rows<{ kept: bigint }>(
    `SELECT count(*) AS kept FROM ${relation} WHERE NOT ${isErased}`,
  );
  const wholeKeys = erased.flatMap((row) => {
    const key = viewKeys.map(({ type }, place) => {
      const value = row[`v${place}`];
      return value === null || value === undefined ? null : type === 'integer' ? Number(value) : value;
    });
    return key.includes(null) ? [] : [key as EntityKey];
  });
  return {
    rows: erased.length,
    viewKeys: [...new Map(wholeKeys.map((key) => [JSON.stringify(key), key])).values()],
    recordIds: erased.flatMap(({ id }) => (id ? [id] : [])),
    kept: Number(kept),
  };
}
