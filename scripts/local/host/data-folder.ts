import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Written into every data folder, so that `--fresh` never removes a folder that is something else. */
const markerFile = 'millrace-data.json';
const lockFile = 'runtime.lock';
const format = 1;

/** A reason to stop that the person at the keyboard can cure; shown as one line. */
export class StartRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartRefused';
  }
}

/** A data folder that this process alone uses. */
export interface DataFolder {
  readonly dir: string;
  /** Whether nothing was ever deployed here. */
  readonly isFresh: boolean;
  release(): void;
}

/**
 * Takes a data folder, creating it where needed; `fresh` empties it first. Throws StartRefused when another runtime uses it (a lock
 * left by a process that is gone is taken over), when it holds something else, or when it is damaged.
 */
export function takeDataFolder(dir: string, fresh: boolean): DataFolder {
  assertOurs(dir);
  mkdirSync(dir, { recursive: true });
  const release = takeLock(dir);
  try {
    if (fresh) empty(dir);
    const isFresh = checkMarker(dir);
    return { dir, isFresh, release };
  } catch (error) {
    release();
    throw error;
  }
}

function assertOurs(dir: string): void {
  if (!existsSync(dir)) return;
  const entries = readdirSync(dir).filter((entry) => entry !== lockFile);
  if (entries.length === 0 || entries.includes(markerFile)) return;
  throw new StartRefused(
    `${dir} is not empty and is no Millrace data folder. Choose another with --data DIR.`,
  );
}

function takeLock(dir: string): () => void {
  const file = path.join(dir, lockFile);
  const take = () => writeFileSync(file, String(process.pid), { flag: 'wx' });
  try {
    take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = Number(readFileSync(file, 'utf8'));
    if (isAlive(pid)) {
      throw new StartRefused(
        `${dir} is in use by the Millrace runtime with process id ${pid}. Stop it, or choose another folder with --data DIR.`,
      );
    }
    rmSync(file, { force: true });
    take();
  }
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A killed process whose parent never asked how it ended still takes signals; only Linux tells. */
function isZombie(pid: number): boolean {
  const statFile = `/proc/${pid}/stat`;
  return existsSync(statFile) && /\) [ZX] /.test(readFileSync(statFile, 'utf8'));
}

function empty(dir: string): void {
  for (const entry of readdirSync(dir)) {
    if (entry !== lockFile) rmSync(path.join(dir, entry), { recursive: true, force: true });
  }
}

/** Returns whether the folder was fresh. */
function checkMarker(dir: string): boolean {
  const file = path.join(dir, markerFile);
  if (!existsSync(file)) {
    writeFileSync(file, JSON.stringify({ format }));
    return true;
  }
  const found = readMarker(file);
  if (found === format) return !existsSync(path.join(dir, 'cloudformation', 'deployed.json'));
  throw new StartRefused(
    `${dir} is damaged or was written by another version of Millrace (${markerFile} says format ${found ?? 'nothing'}, not ${format}). Start with --fresh to drop it.`,
  );
}

function readMarker(file: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { format?: number }).format;
  } catch {
    return undefined;
  }
}
