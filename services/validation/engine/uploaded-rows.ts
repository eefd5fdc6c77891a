import type { DataContract } from '#services/projects/contract.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { availableAtColumn } from '../contract.ts';
import { duckdbDialect } from './compile/dialects/duckdb.ts';
import { parquetFormat } from '#shared/duckdb/parquet-format.ts';

/**
 * SQL, for FROM, of all rows of a version by the files that its check wrote: cheaper than its objects. Values have the declared types;
 * those that have them not are NULL. Writes the values of the quarantined rows to `scratch`.
 */
export async function uploadedRows(
  database: DuckDb,
  contract: DataContract,
  files: { readonly validated: string; readonly quarantine: string | undefined; readonly scratch: string },
): Promise<string> {
  if (files.quarantine === undefined) return `read_parquet(${quoteText(files.validated)})`;
  const typed = Object.entries(contract.columns).map(
    ([name, rule]) =>
      `CAST(${duckdbDialect.typedText(presentText(quoteName(name), contract), rule)} AS ${duckdbDialect.sqlType(rule.type)}) AS ${quoteName(name)}`,
  );
  await database.run(
    `COPY (SELECT ${typed.join(', ')}, CAST(NULL AS TIMESTAMPTZ) AS ${quoteName(availableAtColumn)} FROM read_parquet(${quoteText(files.quarantine)})) TO ${quoteText(files.scratch)} (${parquetFormat})`,
  );
  return `read_parquet([${quoteText(files.validated)}, ${quoteText(files.scratch)}])`;
}

const presentText = (text: string, { missingValues }: DataContract): string =>
  missingValues.length === 0
    ? text
    : `CASE WHEN ${text} NOT IN (${missingValues.map(quoteText).join(', ')}) THEN ${text} END`;
