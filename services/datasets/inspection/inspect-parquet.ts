import type { Column } from '#shared/contracts/parts.ts';
import { type DataFile, relationSql } from '#shared/data-files/relation.ts';
import type { SourceColumn } from '#shared/data-files/source-columns.ts';
import { columnTypeOf } from '#shared/duckdb/column-types.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { partitionColumns } from './partition-columns.ts';

/** Decodes every value of a Parquet file: its columns and its rows. Throws DuckDB's error where it cannot. */
export async function inspectParquet(
  database: DuckDb,
  file: DataFile,
  columns: readonly SourceColumn[],
): Promise<{ columns: Column[]; rows: number }> {
  const relation = relationSql(file);
  // What is decoded must be used, or DuckDB would not decode it.
  const [counted] = await database.rows<{ rows: bigint }>(
    `SELECT count(*) AS "rows", bit_xor(digest) AS digest FROM (SELECT hash(*COLUMNS(*)) AS digest FROM ${relation})`,
  );
  return {
    rows: Number(counted!.rows),
    columns: [
      ...columns.map(({ name, sqlType }) => ({ name, type: columnTypeOf(sqlType) })),
      ...(await partitionColumns(database, file.partition)),
    ],
  };
}
