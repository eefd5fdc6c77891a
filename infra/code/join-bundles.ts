import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Bundle } from './bundle-cache.ts';

/**
 * One folder, below `target`, with the files of several bundles, which were built together: modules that they share are there once, and
 * each `index.mjs` by the name that it is given.
 */
export function joinBundles(target: string, bundles: ReadonlyMap<string, Bundle>): Bundle {
  const digest = createHash('sha256');
  for (const [name, { hash }] of bundles) digest.update(`${name}\0${hash}\0`);
  const hash = digest.digest('hex').slice(0, 32);
  const folder = join(target, hash);
  if (existsSync(folder)) return { folder, hash };
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const [name, bundle] of bundles) {
    cpSync(bundle.folder, unfinished, {
      recursive: true,
      filter: (source) => basename(source) !== 'index.mjs',
    });
    cpSync(join(bundle.folder, 'index.mjs'), join(unfinished, name));
  }
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process joined the same bundles meanwhile.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return { folder, hash };
}
