import { quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { FileReading } from './reading.ts';

/** Most bytes of one row of a text file, its header included; a reader holds a few buffers of so many bytes. */
export const maxRowBytes = 16_777_216;

/** A file as `detectReading` or `prepareFile` left it. */
export interface DataFile {
  readonly path: string;
  readonly reading: FileReading;
  /** Of the file itself. CSV: all, in their order (`sourceColumns`). JSON Lines: those that are wanted; absent ones are NULL. Parquet: not read. */
  readonly columns: readonly string[];
  /** Columns that are the same in every row; an empty text is NULL. */
  readonly partition?: Readonly<Record<string, string>> | undefined;
}

/**
 * SQL of a file's rows, for FROM. Values of CSV and JSON Lines are text (VARCHAR): empty fields, JSON null and absent keys are NULL,
 * numbers, objects and arrays of JSON are their JSON text. Values of Parquet have their own types, and columns that a query does not
 * name are not read. Rows come in the order of the file. A row that breaks the format makes the query fail: `explainFailure`.
 */
export function relationSql({ path, reading, columns, partition = {} }: DataFile): string {
  const rows = rowsOf(path, reading, columns);
  const constants = Object.entries(partition).map(
    ([name, value]) => `nullif(${quoteText(value)}, '') AS ${quoteName(name)}`,
  );
  return constants.length === 0 ? rows : `(SELECT *, ${constants.join(', ')} FROM ${rows})`;
}

function rowsOf(path: string, reading: FileReading, columns: readonly string[]): string {
  const texts = `{${columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`;
  switch (reading.format) {
    case 'parquet':
      return `read_parquet(${quoteText(path)})`;
    case 'jsonl':
      return `read_json(${quoteText(path)}, format = 'newline_delimited', records = true, maximum_object_size = ${maxRowBytes}, columns = ${texts})`;
    case 'csv': {
      const [delimiter, quote] = [quoteText(reading.delimiter), quoteText(reading.quote)];
      return `read_csv(${quoteText(path)}, auto_detect = false, header = true, delim = ${delimiter}, quote = ${quote}, escape = ${quote}, nullstr = '', strict_mode = true, max_line_size = ${maxRowBytes}, buffer_size = ${maxRowBytes}, columns = ${texts})`;
    }
  }
}

/** SQL of a column's text; for columns that are not text already, DuckDB's own way to write their values. */
export const textOf = (name: string): string => `CAST(${quoteName(name)} AS VARCHAR)`;
