import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const rootDir = path.resolve(import.meta.dirname, '../../..');
/** A package's folder, at the end of the last `node_modules/` of a path. */
const packageFolder = /^(?<folder>.*node_modules\/(?:@[^/]+\/)?[^/]+)/;

/** Packages in the functions and layers of a cloud assembly, `name@version`: from the source maps of bundles, and what lies in layers. */
export function deployedPackages(assemblyDir: string): string[] {
  const files = readdirSync(assemblyDir, { recursive: true, encoding: 'utf8' });
  const bundled = files
    .filter((file) => file.endsWith('.mjs.map'))
    .flatMap((file) => sourcesOf(path.join(assemblyDir, file)));
  const layered = files
    .filter((file) => file.includes('node_modules/') && file.endsWith('/package.json'))
    .map((file) => path.join(assemblyDir, file));
  const folders = [...bundled, ...layered].flatMap((file) => {
    const folder = packageFolder.exec(file)?.groups?.['folder'];
    return folder === undefined ? [] : [folder];
  });
  return [...new Set([...new Set(folders)].map(packageAt))].sort();
}

/** What was compiled into a bundle, as absolute paths: maps name it as the build did, relative to the repository. */
function sourcesOf(map: string): string[] {
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: readonly string[] };
  return sources.map((source) =>
    path.join(rootDir, source.slice(Math.max(0, source.indexOf('node_modules/')))),
  );
}

function packageAt(folder: string): string {
  const file = path.join(folder, 'package.json');
  if (!existsSync(file)) throw new Error(`${folder} is in a bundle and is no package.`);
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return `${name}@${version}`;
}
