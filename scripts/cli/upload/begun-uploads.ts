import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';

const begunUpload = z.object({
  key: z.string(),
  uploadId: z.string(),
  partBytes: z.int().min(1),
  parts: z.int().min(1),
});
/** An upload in parts that can go on. */
export type BegunUpload = z.infer<typeof begunUpload>;

/** Uploads that were begun and not completed, in the user's cache folder: one file each. */
export interface BegunUploads {
  find(identity: readonly string[]): BegunUpload | undefined;
  save(identity: readonly string[], upload: BegunUpload): void;
  remove(identity: readonly string[]): void;
}

export const cacheFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  path.join(environment['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'millrace', 'uploads');

/** `identity` is all that makes it the same upload: platform, project, folder, file, its size and when it was changed. */
export function createBegunUploads(folder: string): BegunUploads {
  const fileOf = (identity: readonly string[]) =>
    path.join(
      folder,
      `${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32)}.json`,
    );
  return {
    find(identity) {
      try {
        return begunUpload.parse(JSON.parse(readFileSync(fileOf(identity), 'utf8')));
      } catch {
        // No such file, or one that another release wrote: the upload begins anew.
        return undefined;
      }
    },
    save(identity, upload) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(fileOf(identity), JSON.stringify(upload), { mode: 0o600 });
    },
    remove: (identity) => rmSync(fileOf(identity), { force: true }),
  };
}
