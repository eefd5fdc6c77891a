import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';

const GZIP_OS_BYTE = 9;
const GZIP_OS_UNKNOWN = 255;

/** Bounds of an archive that is unpacked; model archives come from uploads. */
export interface ArchiveLimits {
  readonly totalBytes: number;
  readonly entries: number;
}

/** Paths of all files below a folder, relative to it, sorted. */
export function filesBelow(folder: string): string[] {
  const walk = (path: string): string[] =>
    readdirSync(path).flatMap((name) => {
      const child = join(path, name);
      return statSync(child).isDirectory() ? walk(child) : [relative(folder, child)];
    });
  return walk(folder).sort();
}

/**
 * Packs the files of a folder as `.tar.gz`. Names are sorted and times, owners and the platform byte are fixed, so that
 * equal files give equal bytes anywhere.
 */
export async function packArchive(folder: string): Promise<Buffer> {
  const tar = pack();
  for (const file of filesBelow(folder)) {
    const body = readFileSync(join(folder, file));
    tar.entry(
      { name: file.split(sep).join('/'), size: body.length, mtime: new Date(0), mode: 0o644, uid: 0, gid: 0 },
      body,
    );
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const archive = gzipSync(Buffer.concat(chunks));
  archive[GZIP_OS_BYTE] = GZIP_OS_UNKNOWN;
  return archive;
}

/**
 * Unpacks a `.tar.gz` into a folder.
 * @throws Error naming the entry that is a link or a device, that would land outside the folder, or that breaks a limit.
 */
export async function unpackArchive(archive: Buffer, folder: string, limits: ArchiveLimits): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const tar = extract();
  const written = writeEntries(tar, folder, limits);
  await Promise.all([pipeline(Readable.from([archive]), createGunzip(), tar), written]);
}

async function writeEntries(
  tar: ReturnType<typeof extract>,
  folder: string,
  limits: ArchiveLimits,
): Promise<void> {
  let totalBytes = 0;
  let entries = 0;
  for await (const entry of tar) {
    const { name, type } = entry.header;
    if (++entries > limits.entries) throw new Error(`the archive has more than ${limits.entries} entries`);
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if (name.startsWith('/') || name.includes('\\') || name.includes('\0') || parts.includes('..'))
      throw new Error(`the entry '${name}' would be written outside the model folder`);
    if (type !== 'file' && type !== 'directory')
      throw new Error(`the entry '${name}' is a ${type}; only files and folders are allowed`);
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      totalBytes += chunk.length;
      if (totalBytes > limits.totalBytes)
        throw new Error(`the archive unpacks to more than ${limits.totalBytes} bytes`);
      chunks.push(chunk);
    }
    if (parts.length === 0) continue;
    const path = join(folder, ...parts);
    mkdirSync(type === 'directory' ? path : dirname(path), { recursive: true });
    if (type === 'file') writeFileSync(path, Buffer.concat(chunks));
  }
}
