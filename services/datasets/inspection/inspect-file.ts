import { dirname } from 'node:path';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { Format, Inspection, LocalFile } from '../ports.ts';
import { inspectCsv } from './inspect-csv.ts';
import { inspectParquet } from './inspect-parquet.ts';

/** Reads a whole file in the format that its project declares. DuckDB works in the file's own folder. */
export function inspectFile(file: LocalFile, format: Format, functionMemoryMb: number): Promise<Inspection> {
  return withDuckDb({ folder: dirname(file.path), functionMemoryMb }, (database) =>
    format === 'csv' ? inspectCsv(database, file) : inspectParquet(database, file),
  );
}
