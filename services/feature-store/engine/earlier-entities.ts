import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { EntityChange } from '../ports.ts';
import { parsePart, partName, writeChanges } from './changed-entities.ts';
import type { SourceFile } from './source-rows.ts';
import { findWanted } from './wanted-entities.ts';

/**
 * What records in local files that came before a version of a stream view say of its entities at `asOf`, some at a time: the newest row, or the state
 * of the windows. `folder` is for what does not fit into memory.
 */
export async function* earlierEntities(
  version: FeatureViewVersion,
  landed: readonly SourceFile[],
  asOf: string,
  place: { readonly folder: string; readonly functionMemoryMb: number },
): AsyncGenerator<readonly EntityChange[]> {
  const files = landed.map((file) => ({ ...file, beforeVersion: version.version }));
  const out = join(place.folder, 'entities');
  await mkdir(out);
  const { parts } = await withDuckDb(place, async (database) => {
    await findWanted(database, { view: version, files, asOf, folder: place.folder });
    return writeChanges(database, { folder: out, full: false });
  });
  for (let part = 0; part < parts; part++)
    yield parsePart(version, await readFile(join(out, partName(part)), 'utf8'));
}
