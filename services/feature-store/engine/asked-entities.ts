import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { JoinKey } from '../contract.ts';
import type { NumberedRows } from './entity-rows.ts';

/** Tables of the entities of a view that are asked about. */
export interface AskedEntities {
  /** `k0`, … and their number `id`, from 0. */
  readonly keys: string;
  readonly keyNames: readonly string[];
  /** `row`, `id` and the time `t` in microseconds; rows with a missing key are left out. */
  readonly times: string;
  readonly entities: number;
  /** Microseconds of the first and the last time that is asked about; null where there are no rows. */
  readonly first: bigint | null;
  readonly last: bigint | null;
  drop(): Promise<void>;
}

/** Numbers the entities that rows ask about: numbers are smaller than keys, and rows of other entities need not be looked at. */
export async function numberEntities(
  database: DuckDb,
  asked: NumberedRows,
  joinKeys: readonly JoinKey[],
  prefix: string,
): Promise<AskedEntities> {
  const [keys, times] = [quoteName(`${prefix} keys`), quoteName(`${prefix} times`)];
  const table = quoteName(asked.table);
  const columns = joinKeys.map((key, place) => ({ asked: asked.keyColumn(key), ours: `k${place}` }));
  const there = columns.map((column) => `${column.asked} IS NOT NULL`).join(' AND ');
  await database.run(
    `CREATE TABLE ${keys} AS SELECT *, CAST(row_number() OVER () - 1 AS UINTEGER) AS id
     FROM (SELECT DISTINCT ${columns.map((column) => `${column.asked} AS ${column.ours}`).join(', ')} FROM ${table} WHERE ${there})`,
  );
  const same = columns.map((column) => `asked.${column.asked} = keys.${column.ours}`).join(' AND ');
  await database.run(
    `CREATE TABLE ${times} AS SELECT asked."row", keys.id, epoch_us(asked.__at) AS t FROM ${table} asked JOIN ${keys} keys ON ${same}`,
  );
  const [found] = await database.rows<{ first: bigint | null; last: bigint | null; entities: bigint }>(
    `SELECT min(t) AS first, max(t) AS last, (SELECT count(*) FROM ${keys}) AS entities FROM ${times}`,
  );
  return {
    keys,
    keyNames: columns.map((column) => column.ours),
    times,
    entities: Number(found!.entities),
    first: found!.first,
    last: found!.last,
    drop: async () => {
      for (const made of [keys, times]) await database.run(`DROP TABLE IF EXISTS ${made}`);
    },
  };
}
