import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { columnsBeyondLimits } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { quoteName, quoteText } from './duckdb.ts';

/** A header longer than this is none. */
const maxHeaderBytes = 1_048_576;

/**
 * The column names of a CSV file (RFC 4180, UTF-8, comma, header in the first line). Throws UnreadableCsv where there is no
 * such header: binary content, an empty, repeated or overlong name, more than 2,000 columns.
 */
export async function readCsvHeader(path: string): Promise<string[]> {
  const start = await readStart(path);
  if (start.includes(0))
    throw unreadable('it is binary or not UTF-8. Send text: comma-separated values in UTF-8');
  let names: string[] | undefined;
  try {
    [names] = parse(start, { to: 1, bom: true, relax_column_count: true }) as string[][];
  } catch (cause) {
    throw unreadable(`its first line is no header: ${(cause as Error).message}`);
  }
  if (!names) throw unreadable('it has no header line. Begin with the names of the columns');
  assertNames(names);
  return names;
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(maxHeaderBytes), 0, maxHeaderBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Names are compared without case, as SQL does. */
function assertNames(names: readonly string[]): void {
  const beyond = columnsBeyondLimits(names);
  if (beyond) throw unreadable(beyond);
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (name.trim() === '')
      throw unreadable(`the header’s column ${index + 1} has no name. Name every column`);
    if (seen.has(name.toLowerCase()))
      throw unreadable(`the header names '${name}' twice (case does not count). Rename one of them`);
    seen.add(name.toLowerCase());
  });
}

function unreadable(what: string): AppError {
  return new AppError('invalid_input', 'UnreadableCsv', `The CSV file cannot be read: ${what}.`);
}

/**
 * SQL that reads a CSV file with every value as text; an empty field is NULL, quoted or not. With `keepRejects`, rows that
 * break the format are left out and listed in the table `reject_errors`; else the first of them is an error.
 */
export function csvRelation(
  path: string,
  header: readonly string[],
  options: { keepRejects?: boolean } = {},
): string {
  const columns = header.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  const format = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', strict_mode = true`;
  return `read_csv(${quoteText(path)}, ${format}, columns = {${columns}}${options.keepRejects ? ', store_rejects = true' : ''})`;
}

/** SQL of a column's text; for columns that are not text already, DuckDB's own way to write their values. */
export const textOf = (name: string): string => `CAST(${quoteName(name)} AS VARCHAR)`;
