import { join } from 'node:path';
import { downloadAll, keepFile, measureFile } from '#shared/aws/objects.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { recordFileKey } from '../domain/record-values.ts';
import { mergeRecords } from '../engine/merge-records.ts';
import type { MergeRecords } from '../ports.ts';

/** Merges files of records with DuckDB on local disk and keeps the Parquet in the data bucket. */
export const createRecordMerger =
  (settings: { dataBucket: string; functionMemoryMb: number }): MergeRecords =>
  (files, columns) =>
    withScratchFolder(async (folder) => {
      const objects = files.map(({ object }) => object);
      const paths = [...(await downloadAll(objects, folder)).values()];
      const into = join(folder, 'merged.parquet');
      const rows = await withDuckDb({ folder, functionMemoryMb: settings.functionMemoryMb }, (database) =>
        mergeRecords(database, paths, columns, into),
      );
      const file = await measureFile(into);
      const { project, view, firstAvailableAt } = files[0]!;
      const key = recordFileKey(project, view, firstAvailableAt, `${file.sha256.slice(0, 32)}.parquet`);
      const location = { bucket: settings.dataBucket, key };
      return { object: await keepFile(location, file, 'application/vnd.apache.parquet'), rows };
    });
