import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version as esbuildVersion } from 'esbuild';
import { type BuiltHandler, buildHandlers, buildOptions, entryPath } from './build-handlers.ts';
import type { HandlerFile } from './code-source.ts';

/** The code of one function on disk: a folder that is never changed once it stands. */
export interface Bundle {
  readonly folder: string;
  /** Hash of the folder's files. */
  readonly hash: string;
}

/** What a function's newest bundle was made from: it is made again only when that changed. */
interface BundleRecord {
  readonly hash: string;
  /** Hash of what all bundles depend on: installed packages, esbuild and its options. */
  readonly toolchain: string;
  /** Path below the repository to hash of contents. */
  readonly sources: Readonly<Record<string, string>>;
}
type BundleRecords = Record<string, BundleRecord>;

const digest = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 32);
};

/**
 * Bundles of handlers, by entry path. Those whose sources did not change since the last call are taken from `folder`; the
 * others are built by one call of esbuild and kept there by content.
 */
export async function bundleHandlers(
  root: string,
  folder: string,
  handlers: readonly HandlerFile[],
): Promise<ReadonlyMap<string, Bundle>> {
  const recordsPath = join(folder, 'records.json');
  const records = readRecords(recordsPath);
  const toolchain = toolchainOf(root);
  const hashOf = sourceHashes(root);
  const stale = handlers.filter((file) => !isFresh(folder, records[entryPath(file)], toolchain, hashOf));
  if (stale.length > 0) {
    for (const built of await buildHandlers(root, stale)) {
      const sources = Object.fromEntries(built.sources.map((path) => [path, hashOf(path) ?? '']));
      records[built.entry] = { hash: keep(folder, built), toolchain, sources };
    }
    writeFileAtomically(recordsPath, JSON.stringify(records));
  }
  return new Map(
    handlers.map((file) => {
      const { hash } = records[entryPath(file)]!;
      return [entryPath(file), { hash, folder: join(folder, hash) }];
    }),
  );
}

function isFresh(
  folder: string,
  record: BundleRecord | undefined,
  toolchain: string,
  hashOf: (path: string) => string | undefined,
): boolean {
  return (
    record !== undefined &&
    record.toolchain === toolchain &&
    existsSync(join(folder, record.hash)) &&
    Object.entries(record.sources).every(([path, hash]) => hashOf(path) === hash)
  );
}

/** Writes a bundle's folder under its hash, unless it stands there already. */
function keep(folder: string, { files }: BuiltHandler): string {
  const hash = digest(...Object.entries(files).flat());
  const target = join(folder, hash);
  if (existsSync(target)) return hash;
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(unfinished, name), content);
  try {
    renameSync(unfinished, target);
  } catch (error) {
    // Another process kept the same bundle meanwhile.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(target)) throw error;
  }
  return hash;
}

function readRecords(path: string): BundleRecords {
  if (!existsSync(path)) return {};
  return JSON.parse(readFileSync(path, 'utf8')) as BundleRecords;
}

function toolchainOf(root: string): string {
  const files = ['package.json', 'package-lock.json', 'tsconfig.json'];
  const contents = files.map((name) => readFileSync(join(root, name)));
  return digest(esbuildVersion, JSON.stringify(buildOptions), ...contents);
}

/** Hashes of source files, each read once; undefined for one that is gone. */
function sourceHashes(root: string): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (path) => {
    if (!known.has(path)) {
      const absolute = join(root, path);
      known.set(path, existsSync(absolute) ? digest(readFileSync(absolute)) : undefined);
    }
    return known.get(path);
  };
}

function writeFileAtomically(path: string, content: string): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}
