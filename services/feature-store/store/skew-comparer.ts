import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAll } from '#shared/aws/objects.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { compareServed, readServed } from '../engine/served-rows.ts';
import type { CaptureFiles, SkewComparer, ViewFiles } from '../ports.ts';

/** Compares what was served with what the offline store has, by DuckDB on local disk. */
export function createSkewComparer(deps: {
  readonly captureFiles: Pick<CaptureFiles, 'list'>;
  readonly viewFiles: Pick<ViewFiles, 'fetch'>;
  readonly functionMemoryMb: number;
}): SkewComparer {
  const { captureFiles, viewFiles, functionMemoryMb } = deps;
  return {
    withServed: (project, period, run) =>
      withScratchFolder(async (folder) => {
        const captures = join(folder, 'captures');
        await mkdir(captures);
        const files = await captureFiles.list(project, period);
        const paths = await downloadAll(
          files.map(({ object }) => object),
          captures,
        );
        return withDuckDb({ folder, functionMemoryMb }, async (database) =>
          run({
            services: await readServed(database, [...paths.values()], period),
            async *compare(service, definitions, most) {
              const views = [];
              for (const [place, definition] of definitions.entries()) {
                const rows = join(folder, `${service.service}-${service.version}-${place}`);
                await mkdir(rows);
                const fetched = await viewFiles.fetch(definition, rows, period.to);
                views.push({ pinned: service.views[place]!, definition, files: fetched.files });
              }
              yield* compareServed(database, service, views, most);
            },
          }),
        );
      }),
  };
}
