import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/kernel/errors.ts';

/** A folder that becomes a layer, with packages below `nodejs/node_modules`, where Lambda's NODE_PATH points. */
export interface LayerFolder {
  readonly folder: string;
  /** Names what is inside: package, version and platform. */
  readonly hash: string;
}

/**
 * The native package of DuckDB as a layer: for `host` as npm installed it on this machine, for `arm64` (Lambda) and `x64` (SageMaker's
 * processing instances) as npm fetches it for Linux, once and in the same version. Kept below `cacheFolder`.
 */
export function duckdbLayerFolder(
  root: string,
  cacheFolder: string,
  architecture: 'arm64' | 'x64' | 'host',
): LayerFolder {
  const installed = join(root, 'node_modules', '@duckdb');
  const version = versionOf(join(installed, 'node-bindings'));
  const target = architecture === 'host' ? `${process.platform}-${process.arch}` : `linux-${architecture}`;
  const hash = `duckdb-${version}-${target}`;
  const folder = join(cacheFolder, hash);
  if (existsSync(folder)) return { folder, hash };
  const unfinished = `${folder}.${process.pid}`;
  const nodejs = join(unfinished, 'nodejs');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(nodejs, { recursive: true });
  if (architecture === 'host') copyHostPackages(installed, join(nodejs, 'node_modules', '@duckdb'));
  else fetchPackage(`@duckdb/node-bindings-linux-${architecture}@${version}`, architecture, nodejs);
  renameSync(unfinished, folder);
  return { folder, hash };
}

function versionOf(packageFolder: string): string {
  const manifest = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** npm installs the native package that fits this machine, one or more of them. */
function copyHostPackages(from: string, to: string): void {
  const packages = readdirSync(from).filter((name) => name.startsWith('node-bindings-'));
  if (packages.length === 0) {
    throw new Error(
      `npm installed no native package of DuckDB for ${process.platform}-${process.arch}. Run npm ci without --omit=optional on a platform that DuckDB supports.`,
    );
  }
  for (const name of packages) cpSync(join(from, name), join(to, name), { recursive: true });
}

function fetchPackage(specifier: string, cpu: 'arm64' | 'x64', prefix: string): void {
  // Forced, because npm refuses to install a package for another platform than its own.
  const platform = ['--force', '--os', 'linux', '--cpu', cpu, '--libc', 'glibc'];
  const quiet = [
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel',
    'error',
  ];
  try {
    execFileSync('npm', ['install', '--prefix', prefix, ...platform, ...quiet, specifier], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'DuckdbNotFetched',
      `npm could not fetch ${specifier}, which functions and images need. Look at its message above; with a registry that it can reach, the next run fetches it.`,
      {},
      { cause },
    );
  }
}
