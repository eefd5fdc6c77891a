import type { DataContract } from '#services/projects/contract.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { availableAtColumn } from '../contract.ts';
import { duckdbDialect } from './compile/dialects/duckdb.ts';
import type { JudgeOptions } from './judge-rows.ts';
import { parquetFormat } from '#shared/duckdb/parquet-format.ts';
import type { ObjectRows } from './version-rows.ts';

/** Writes the rows that go on, in upload order: every value of its declared type, and when the platform came to know the row. */
export async function writeValidRows(
  database: DuckDb,
  { objects, compiler, surroundings, blocking }: JudgeOptions,
  contract: DataContract,
  path: string,
): Promise<void> {
  const columns = compiler.columns.map(
    (name, index) =>
      `CAST(v${index} AS ${duckdbDialect.sqlType(contract.columns[name]!.type)}) AS ${quoteName(name)}`,
  );
  const isBlocked = (object: ObjectRows) =>
    `CASE WHEN ${compiler.breaksAny([...blocking], object, surroundings)} THEN true ELSE false END`;
  const select = [...columns, `CAST(_available_at AS TIMESTAMPTZ) AS ${quoteName(availableAtColumn)}`].join(
    ', ',
  );
  const parts = objects.map(
    (object) =>
      `SELECT ${select} FROM (SELECT *, ${evaluatedOnce(isBlocked(object))} AS _blocked FROM (${compiler.flaggedRows(object, surroundings)})) WHERE NOT _blocked`,
  );
  const none = `SELECT ${compiler.columns.map((name) => `CAST(NULL AS ${duckdbDialect.sqlType(contract.columns[name]!.type)}) AS ${quoteName(name)}`).join(', ')}, CAST(NULL AS TIMESTAMPTZ) AS ${quoteName(availableAtColumn)} WHERE false`;
  await database.run(
    `COPY (${parts.length > 0 ? parts.join(' UNION ALL ') : none}) TO ${quoteText(path)} (${parquetFormat})`,
  );
}

/** Keeps DuckDB from moving a condition below the values that it speaks of, where it would compute each of them twice. */
const evaluatedOnce = (condition: string): string => `(${condition} OR random() < 0)`;
