import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { CliFailure, exitCodes } from '../failure.ts';

export interface LocalFile {
  /** In the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

const allowedPath = /^[A-Za-z0-9_][A-Za-z0-9._=+-]{0,127}(\/[A-Za-z0-9_][A-Za-z0-9._=+-]{0,127}){0,7}$/;

/** The data files of a folder, sorted; names that begin with `.` or `_` are notes of programs (`_SUCCESS`, `.DS_Store`). */
export function filesOf(folder: string): LocalFile[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.') || /^_(?!.*=)/.test(part)))
    .sort();
  const strange = files.find((name) => !allowedPath.test(name));
  if (strange !== undefined)
    throw new CliFailure(
      exitCodes.usage,
      `'${strange}' cannot be uploaded by that name: folders and files are named with letters, digits and . _ = + -, at most 8 deep. Rename it.`,
    );
  if (files.length === 0)
    throw new CliFailure(exitCodes.usage, `'${folder}' holds no files. Name a folder with data files.`);
  return files.map((name) => ({ path: name, bytes: statSync(path.join(folder, name)).size }));
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** A folder's name on the platform: its own, with what makes it another when its content is another. */
export function folderName(folder: string, manifest: string): string {
  const name = path
    .basename(path.resolve(folder))
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  const digest = createHash('sha256').update(manifest).digest('hex').slice(0, 12);
  return `${(name || 'upload').slice(0, 48)}-${digest}`;
}
