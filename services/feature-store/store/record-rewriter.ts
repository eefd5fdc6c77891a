import { join } from 'node:path';
import { downloadTo, keepFile, measureFile } from '#shared/aws/objects.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { withoutKeys } from '../engine/without-keys.ts';
import type { RecordRewriter } from '../ports.ts';

const contentTypes = { jsonl: 'application/jsonl', parquet: 'application/vnd.apache.parquet' } as const;

/** Rewrites files of records by way of local disk; what is left lies beside them, named by its content. */
export function createRecordRewriter(settings: { readonly functionMemoryMb: number }): RecordRewriter {
  return {
    without: (file, match, run) =>
      withScratchFolder(async (folder) => {
        const [path, after] = [join(folder, 'before'), join(folder, 'after')];
        await downloadTo(file.object, path);
        const { format } = file;
        const erased = await withDuckDb({ folder, ...settings }, (database) =>
          withoutKeys(database, { path, format, after }, match),
        );
        if (!erased) return run(undefined);
        const { rows, kept, viewKeys, recordIds } = erased;
        return run({
          erased: rows,
          rows: kept,
          viewKeys,
          recordIds,
          async keep() {
            const { bucket, key } = parseS3Uri(file.object.uri);
            const local = await measureFile(after);
            const beside = `${key.replace(/(-[0-9a-f]{16})?\.\w+$/, '')}-${local.sha256.slice(0, 16)}.${format}`;
            return keepFile({ bucket, key: beside }, local, contentTypes[format]);
          },
        });
      }),
  };
}
