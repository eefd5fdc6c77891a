import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetManifest } from '#services/datasets/contract.ts';
import { downloadTo, keepFile, measureFile } from '#shared/aws/objects.ts';
import { prepareFile } from '#shared/data-files/prepare-file.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { checkRows, type ObjectFile, writeQuarantinedRows, writeValidRows } from '../engine/check-rows.ts';
import type { RowChecker } from '../ports.ts';
import { resultKey } from './documents.ts';

const downloadsAtOnce = 4;

/** Checks rows with DuckDB on local disk. */
export function createRowChecker(settings: { dataBucket: string; functionMemoryMb: number }): RowChecker {
  return {
    withCheckedRows: ({ manifest, definition, checks }, run) =>
      withScratchFolder(async (folder) => {
        const files = await download(manifest, folder);
        const version = { files, definition, checks };
        const place = { folder, functionMemoryMb: settings.functionMemoryMb };
        return withDuckDb(place, async (database) => {
          const counts = await checkRows(database, version);
          const keep = async (path: string) => {
            const file = await measureFile(path);
            const key = resultKey(manifest.project, file.sha256, 'parquet');
            return keepFile({ bucket: settings.dataBucket, key }, file, 'application/vnd.apache.parquet');
          };
          return run({
            ...counts,
            keepValid: async () => {
              const path = join(folder, 'validated.parquet');
              await writeValidRows(database, version, path);
              return keep(path);
            },
            keepQuarantined: async () => {
              const path = join(folder, 'quarantine.parquet');
              await writeQuarantinedRows(database, version, path);
              return keep(path);
            },
          });
        });
      }),
  };
}

/** Larger than any file that becomes a version, decompressed. */
const maxFileBytes = 5_368_709_120;

async function download({ objects }: DatasetManifest, folder: string): Promise<ObjectFile[]> {
  const files: ObjectFile[] = [];
  for (let from = 0; from < objects.length; from += downloadsAtOnce) {
    const batch = objects.slice(from, from + downloadsAtOnce).map(async (object, index) => {
      const own = join(folder, `object-${from + index}`);
      await mkdir(own);
      const { path } = await downloadTo(object, join(own, 'object'));
      const { sha256, availableAt, reading, partition } = object;
      const prepared = await prepareFile(path, reading, { folder: own, maxBytes: maxFileBytes });
      return { path: prepared, sha256, availableAt, reading, partition };
    });
    files.push(...(await Promise.all(batch)));
  }
  return files;
}
