import { dirname } from 'node:path';
import { detectReading } from '#shared/data-files/detect-reading.ts';
import { explainFailure } from '#shared/data-files/explain-failure.ts';
import { FileRejection } from '#shared/data-files/file-rejection.ts';
import { sourceColumns } from '#shared/data-files/source-columns.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { Inspection, InspectionRequest, LocalFile } from '../ports.ts';
import { inspectParquet } from './inspect-parquet.ts';
import { inspectText } from './inspect-text.ts';

/** Reads a whole file as its content says, within what the project's settings allow. Works in the file's own folder. */
export async function inspectFile(
  file: LocalFile,
  { settings, partition = {}, maxBytes, atOnce }: InspectionRequest,
  functionMemoryMb: number,
): Promise<Inspection> {
  const folder = dirname(file.path);
  try {
    const detected = await detectReading(file.path, settings, { folder, maxBytes });
    const place = { folder, functionMemoryMb: functionMemoryMb / atOnce };
    return await withDuckDb(place, async (database) => {
      const columns = await sourceColumns(database, detected);
      assertPartition(partition, columns);
      const data = { ...detected, columns: columns.map(({ name }) => name), partition };
      try {
        const content =
          detected.reading.format === 'parquet'
            ? await inspectParquet(database, data, columns)
            : await inspectText(database, data);
        return { readable: true, reading: detected.reading, ...content };
      } catch (error) {
        throw await explainFailure(error as Error, detected);
      }
    });
  } catch (error) {
    if (!(error instanceof FileRejection)) throw error;
    return { readable: false, rejection: { code: error.reason, message: error.message } };
  }
}

function assertPartition(
  partition: Readonly<Record<string, string>>,
  columns: readonly { readonly name: string }[],
): void {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const both = Object.keys(partition).find((name) => names.has(name.toLowerCase()));
  if (both !== undefined)
    throw new FileRejection(
      'UnreadableUpload',
      `The column '${both}' is in the file and in the folders of its path too. Leave it out of one of them.`,
    );
}
