import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { recordColumns } from '../domain/record-values.ts';

/**
 * Writes the records of files of JSON lines as one Parquet file: each record once, in the order of arrival. Every column is the text that was
 * sent, so that nothing is lost when a column changes its type. Answers the number of rows.
 */
export async function mergeRecords(
  database: DuckDb,
  paths: readonly string[],
  columns: readonly string[],
  into: string,
): Promise<number> {
  const [id, availableAt] = [recordColumns.recordId, recordColumns.availableAt].map(quoteName);
  const members = columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  await database.run(
    `CREATE TABLE merged AS
     SELECT * FROM read_json([${paths.map(quoteText).join(', ')}], format = 'newline_delimited', columns = {${members}})
     QUALIFY row_number() OVER (PARTITION BY ${id} ORDER BY CAST(${availableAt} AS TIMESTAMPTZ)) = 1`,
  );
  await database.run(
    `COPY (SELECT * FROM merged ORDER BY CAST(${availableAt} AS TIMESTAMPTZ), ${id}) TO ${quoteText(into)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  const [{ rows }] = (await database.rows<{ rows: bigint }>('SELECT count(*) AS rows FROM merged')) as [
    { rows: bigint },
  ];
  await database.run('DROP TABLE merged');
  return Number(rows);
}
