import { readFileSync } from 'node:fs';
import path from 'node:path';

interface LockedPackage {
  readonly version: string;
  /** SPDX expression, as the package says. */
  readonly license?: string;
  /** True where only tools that build, test or deploy need it. */
  readonly dev?: boolean;
}

/** package-lock.json, version 3, as far as it is read here: packages by their place, such as `node_modules/a/node_modules/@b/c`. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export function readLockfile(rootDir: string): Lockfile {
  return JSON.parse(readFileSync(path.join(rootDir, 'package-lock.json'), 'utf8')) as Lockfile;
}

/** The packages of a lockfile with their names, without the project itself. */
export const installedPackages = ({ packages }: Lockfile): (LockedPackage & { readonly name: string })[] =>
  Object.entries(packages)
    .filter(([place]) => place !== '')
    .map(([place, locked]) => ({
      ...locked,
      name: place.slice(place.lastIndexOf(folder) + folder.length),
    }));
const folder = 'node_modules/';
