import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { columnsBeyondLimits, maxColumns } from '#shared/contracts/parts.ts';
import { type DuckDb, quoteText } from '#shared/duckdb/duckdb.ts';
import { explainFailure } from './explain-failure.ts';
import { unreadable } from './file-rejection.ts';
import type { FileReading } from './reading.ts';
import { maxRowBytes } from './relation.ts';

/** A header longer than this is none. */
const maxHeaderBytes = 1_048_576;

export interface SourceColumn {
  readonly name: string;
  /** DuckDB's type of it: of text files VARCHAR. */
  readonly sqlType: string;
}

type PreparedFile = { readonly path: string; readonly reading: FileReading };

/**
 * The columns of a file that is ready to be read: the header of CSV, every key of JSON Lines in the order that they come, the schema of
 * Parquet. Throws FileRejection where there are none, too many, or two of one name (case does not count).
 */
export async function sourceColumns(database: DuckDb, file: PreparedFile): Promise<SourceColumn[]> {
  const columns = await columnsOf(database, file);
  assertNames(
    columns.map(({ name }) => name),
    file.reading.format,
  );
  return columns;
}

async function columnsOf(database: DuckDb, file: PreparedFile): Promise<SourceColumn[]> {
  const { path, reading } = file;
  if (reading.format === 'csv') return asText(await readCsvHeader(path, reading));
  try {
    if (reading.format === 'jsonl') return asText(await readJsonKeys(database, path));
    const described = await database.rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM read_parquet(${quoteText(path)})`,
    );
    return described.map((column) => ({ name: column.column_name, sqlType: column.column_type }));
  } catch (error) {
    throw await explainFailure(error as Error, file);
  }
}

const asText = (names: readonly string[]): SourceColumn[] =>
  names.map((name) => ({ name, sqlType: 'VARCHAR' }));

async function readJsonKeys(database: DuckDb, path: string): Promise<string[]> {
  const keys = await database.rows<{ key: string }>(
    `SELECT key FROM (SELECT key, row_number() OVER () AS position FROM (SELECT unnest(json_keys(json)) AS key FROM read_json_objects(${quoteText(path)}, format = 'newline_delimited', maximum_object_size = ${maxRowBytes}))) GROUP BY key ORDER BY min(position) LIMIT ${maxColumns + 1}`,
  );
  return keys.map(({ key }) => key);
}

async function readCsvHeader(
  path: string,
  { delimiter, quote }: Extract<FileReading, { format: 'csv' }>,
): Promise<string[]> {
  let names: string[] | undefined;
  try {
    [names] = parse(await readStart(path), {
      to: 1,
      bom: true,
      relax_column_count: true,
      delimiter,
      quote,
      escape: quote,
    }) as string[][];
  } catch (cause) {
    throw unreadable(`The file cannot be read: its first line is no header: ${(cause as Error).message}.`);
  }
  if (!names)
    throw unreadable('The file cannot be read: it has no header line. Begin with the names of the columns.');
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

const place = { csv: 'header', jsonl: 'file', parquet: 'schema' } as const;

/** Names are compared without case, as SQL does. */
function assertNames(names: readonly string[], format: FileReading['format']): void {
  const refuse = (what: string) => unreadable(`The file cannot be read: ${what}.`);
  if (names.length === 0) throw refuse('it has no columns. Upload rows that have values');
  const beyond = columnsBeyondLimits(names);
  if (beyond) throw refuse(beyond);
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (name.trim() === '') throw refuse(`column ${index + 1} has no name. Name every column`);
    if (seen.has(name.toLowerCase()))
      throw refuse(`the ${place[format]} names '${name}' twice (case does not count). Rename one of them`);
    seen.add(name.toLowerCase());
  });
}
