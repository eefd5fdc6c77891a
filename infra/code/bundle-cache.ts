import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { version as esbuildVersion } from 'esbuild';
import {
  type BuiltHandler,
  buildHandlers,
  buildOptions,
  type EntryFile,
  entryPath,
} from './build-handlers.ts';
import { pageOptions } from './web-page.ts';

/** The code of one function or program on disk: a folder that is never changed once it stands. */
export interface Bundle {
  readonly folder: string;
  /** Hash of the folder's files. */
  readonly hash: string;
}

/** What the newest bundles were made from: they are made again only when that changed. */
interface BuildRecord {
  /** Hash of what all bundles depend on: installed packages, esbuild and its options. */
  readonly toolchain: string;
  /** Path below the repository to hash of contents. */
  readonly sources: Readonly<Record<string, string>>;
  /** Entry path to hash of the bundle. */
  readonly bundles: Readonly<Record<string, string>>;
}

/** Bundles that no build asked for so long are removed; younger ones may be in use by a running platform. */
const keptUnusedMs = 7 * 86_400_000;

const digest = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 32);
};

/**
 * Bundles of handlers or programs, by entry path, as they were left in `folder` when no source changed since, else newly built. All are
 * built together, so that the same sources give the same bundles everywhere.
 */
export async function bundleHandlers(
  root: string,
  folder: string,
  handlers: readonly EntryFile[],
): Promise<ReadonlyMap<string, Bundle>> {
  const recordPath = join(folder, 'newest.json');
  const toolchain = toolchainOf(root);
  const entries = handlers.map(entryPath);
  const known = readRecord(recordPath);
  if (known && isFresh(known, root, folder, toolchain, entries)) return inUse(known, folder);
  const built = await buildHandlers(root, handlers);
  const record: BuildRecord = {
    toolchain,
    sources: Object.fromEntries(built.sources.map((path) => [path, hashOfSource(root, path) ?? ''])),
    bundles: Object.fromEntries(built.handlers.map((handler) => [handler.entry, keep(folder, handler)])),
  };
  writeAtomically(recordPath, JSON.stringify(record));
  prune(folder, new Set(Object.values(record.bundles)));
  return inUse(record, folder);
}

/** Where the bundles lie, marked as asked for now. */
function inUse({ bundles }: BuildRecord, folder: string): ReadonlyMap<string, Bundle> {
  const now = new Date();
  for (const hash of Object.values(bundles)) utimesSync(join(folder, hash), now, now);
  return new Map(
    Object.entries(bundles).map(([entry, hash]) => [entry, { hash, folder: join(folder, hash) }]),
  );
}

function isFresh(
  record: BuildRecord,
  root: string,
  folder: string,
  toolchain: string,
  entries: readonly string[],
): boolean {
  return (
    record.toolchain === toolchain &&
    Object.keys(record.bundles).sort().join() === [...entries].sort().join() &&
    Object.values(record.bundles).every((hash) => existsSync(join(folder, hash))) &&
    Object.entries(record.sources).every(([path, hash]) => hashOfSource(root, path) === hash)
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

function prune(folder: string, used: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (used.has(name) || Date.now() - statSync(path).mtimeMs < keptUnusedMs) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

function readRecord(path: string): BuildRecord | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as BuildRecord) : undefined;
}

function toolchainOf(root: string): string {
  const files = ['package.json', 'package-lock.json', 'tsconfig.json'];
  const contents = files.map((name) => readFileSync(join(root, name)));
  return digest(esbuildVersion, JSON.stringify([buildOptions, pageOptions]), ...contents);
}

function hashOfSource(root: string, path: string): string | undefined {
  const absolute = join(root, path);
  return existsSync(absolute) ? digest(readFileSync(absolute)) : undefined;
}

function writeAtomically(path: string, content: string): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}
