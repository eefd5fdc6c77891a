import type { DataContract } from '#services/projects/contract.ts';
import { quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { duckdbDialect } from './compile/dialects/duckdb.ts';

/**
 * SQL, for FROM, of all rows of a version by the files that its check wrote: cheaper than its objects. Values have the declared types;
 * those that have them not are NULL.
 */
export function uploadedRows(
  contract: DataContract,
  files: { readonly validated: string; readonly quarantine: string | undefined },
): string {
  const columns = Object.entries(contract.columns);
  const valid = `SELECT ${columns.map(([name]) => quoteName(name)).join(', ')} FROM read_parquet(${quoteText(files.validated)})`;
  if (files.quarantine === undefined) return `(${valid})`;
  const typed = columns.map(
    ([name, rule]) =>
      `${duckdbDialect.typedText(presentText(quoteName(name), contract), rule)} AS ${quoteName(name)}`,
  );
  return `(${valid} UNION ALL SELECT ${typed.join(', ')} FROM read_parquet(${quoteText(files.quarantine)}))`;
}

const presentText = (text: string, { missingValues }: DataContract): string =>
  missingValues.length === 0
    ? text
    : `CASE WHEN ${text} NOT IN (${missingValues.map(quoteText).join(', ')}) THEN ${text} END`;
