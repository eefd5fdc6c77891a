import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type * as z from 'zod';
import { type listDatasetFiles, uploadedName } from '#services/datasets/contract.ts';
import { CliFailure, exitCodes } from '../../failure.ts';

/** Says of a folder that it is a checkout, and of what. */
export const markerName = '.millrace-checkout.json';
/** Ends the names of files that are not whole yet. */
export const partSuffix = '.millrace-part';

/** A file that a checkout fetches. */
export type VersionFile = Pick<
  z.infer<typeof listDatasetFiles.response>['items'][number],
  'path' | 'sha256' | 'bytes' | 'rows' | 'url'
>;

/** The file's own path; where two uploads have the same, the later one has its content's beginning in its name. Never outside of the folder. */
export function nameOf({ path: own, sha256 }: VersionFile, taken: Readonly<Record<string, string>>): string {
  const parts = own.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const [first = sha256, ...rest] = parts;
  // Manifests of older releases have the id of the address in the name.
  const name = uploadedName([first, ...rest].join('/')).replaceAll(/[\\\p{Cc}]/gu, '_');
  if (!(name in taken) && name !== markerName) return name;
  const { dir, name: stem, ext } = path.posix.parse(name);
  for (let length = 8; ; length++) {
    const other = path.posix.join(dir, `${stem}-${sha256.slice(0, length)}${ext}`);
    if (!(other in taken)) return other;
    if (length > sha256.length)
      return path.posix.join(dir, `${stem}-${sha256}-${Object.keys(taken).length}${ext}`);
  }
}

/** Whether the file is there already, as it should be. */
export async function hasContent(target: string, { sha256 }: VersionFile): Promise<boolean> {
  if (!existsSync(target)) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(target), hash);
  return hash.digest('hex') === sha256;
}

/** Fetches a file beside its place and moves it there when its content is right. */
export async function fetchFile(file: VersionFile, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const response = await fetch(file.url);
  if (!response.ok || !response.body)
    throw new CliFailure(
      exitCodes.refused,
      `S3 refused ${file.path} (${response.status}): ${(await response.text()).slice(0, 300)}`,
    );
  const hash = createHash('sha256');
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const part = `${target}${partSuffix}`;
  await pipeline(Readable.fromWeb(response.body as ReadableStream), meter, createWriteStream(part));
  const sha256 = hash.digest('hex');
  if (sha256 !== file.sha256) {
    await rm(part);
    throw new CliFailure(
      exitCodes.failed,
      `${file.path} arrived with SHA-256 ${sha256}, recorded is ${file.sha256}: the stored object or the connection is damaged. Try again.`,
    );
  }
  await rename(part, target);
}
