import { downloadAll } from '#shared/aws/objects.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { earlierEntities } from '../engine/earlier-entities.ts';
import type { EarlierRecords } from '../ports.ts';
import { assertReadable } from './materialization-planner.ts';

/** Reads landed records with DuckDB on local disk. */
export const createEarlierRecords = (settings: { readonly functionMemoryMb: number }): EarlierRecords => ({
  async each(version, landed, asOf, take) {
    assertReadable(version, landed);
    await withScratchFolder(async (folder) => {
      const objects = landed.map(({ object }) => object);
      const paths = await downloadAll(objects, folder);
      const files = landed.map(({ object, format }) => ({ path: paths.get(object.uri)!, format }));
      for await (const some of earlierEntities(version, files, asOf, { folder, ...settings }))
        await take(some);
    });
  },
});
