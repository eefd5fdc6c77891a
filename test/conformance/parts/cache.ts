import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const rootDir = path.resolve(import.meta.dirname, '../../..');
const cacheDir = path.join(rootDir, '.cache', 'conformance');

/**
 * A folder made once for a recipe (anything that names all that went into it) and kept in `.cache/conformance`. `make` fills it; a run that
 * broke off leaves nothing that a later one would take for whole.
 */
export async function cachedFolder(
  name: string,
  recipe: unknown,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
  const folder = path.join(cacheDir, `${name}-${digest}`);
  const seal = path.join(folder, '.complete');
  if (existsSync(seal)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await make(folder);
  writeFileSync(`${seal}.tmp`, `${JSON.stringify(recipe)}\n`);
  renameSync(`${seal}.tmp`, seal);
  return folder;
}
