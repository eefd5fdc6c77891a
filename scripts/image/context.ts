import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';

/** What goes into the image. */
export interface ImageParts {
  readonly dockerfile: string;
  /** Folder of the programs' bundles: `/opt/program`. */
  readonly program: string;
  /** Folder with `node_modules` of native packages: `/opt/nodejs`. */
  readonly nodejs: string;
}

/** A Docker context on disk. */
export interface ImageContext {
  readonly folder: string;
  /** Hash of all files and their paths: the same sources give the same tag. */
  readonly tag: string;
  readonly files: number;
  readonly bytes: number;
}

const tagLength = 16;

/** Writes the context of an image below `target`, in a folder named by its tag, unless it stands there already. */
export function writeImageContext(parts: ImageParts, target: string): ImageContext {
  const unfinished = path.join(target, `unfinished.${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  cpSync(parts.dockerfile, path.join(unfinished, 'Dockerfile'));
  cpSync(parts.program, path.join(unfinished, 'program'), { recursive: true });
  cpSync(parts.nodejs, path.join(unfinished, 'nodejs'), { recursive: true });
  const { tag, files, bytes } = digestOfFolder(unfinished);
  const folder = path.join(target, tag);
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return { folder, tag, files, bytes };
}

function digestOfFolder(folder: string): Omit<ImageContext, 'folder'> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();
  const hash = createHash('sha256');
  let bytes = 0;
  for (const file of files) {
    const content = readFileSync(path.join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
    bytes += content.length;
  }
  return { tag: hash.digest('hex').slice(0, tagLength), files: files.length, bytes };
}
