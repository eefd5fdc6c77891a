import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { joinPath, pathOfArtifactUri, safeDirectory, safePath } from '../domain/artifact-path.ts';
import type { ArtifactEntry } from '../ports/artifacts.ts';
import { type ArtifactDeps, artifactNotFound, artifactsFor } from './artifact-access.ts';

/** How long the address of a redirection works: a client follows it at once. */
const redirectionSeconds = 300;
/** How long an address to download from works; clients ask for another when it ended. */
export const downloadSeconds = 900;
/** An answer of so many names stays below Lambda's 6 MB. */
const maxEntries = 20_000;

/** A file small enough to answer with, or where it is. */
export type FoundArtifact =
  | { readonly path: string; readonly content: Buffer }
  | { readonly path: string; readonly address: string };

/** A file with its content if that has at most `maxBytes`. Throws ArtifactNotFound, ArtifactIsDirectory, and what `artifactsFor` throws. */
export async function readArtifact(
  deps: ArtifactDeps,
  caller: Caller,
  sent: string,
  maxBytes: number,
): Promise<FoundArtifact> {
  const { path } = await artifactsFor(deps, caller, 'viewer', sent);
  const found = await deps.artifacts.read(path, maxBytes);
  if (!found) throw await missingFile(deps, path);
  if (found.content) return { path, content: found.content };
  return { path, address: await deps.artifacts.downloadAddress(path, redirectionSeconds) };
}

export interface DownloadAddress {
  readonly address: string;
  readonly bytes: number;
}

/** An address that gives the whole file or ranges of it. Throws as `readArtifact`. */
export async function presignDownload(
  deps: ArtifactDeps,
  caller: Caller,
  sent: string,
  validSeconds: number = downloadSeconds,
): Promise<DownloadAddress> {
  const { path } = await artifactsFor(deps, caller, 'viewer', sent);
  const file = await deps.artifacts.describe(path);
  if (!file) throw await missingFile(deps, path);
  return { address: await deps.artifacts.downloadAddress(path, validSeconds), bytes: file.bytes };
}

/** What lies directly in a directory; nothing where there is none, as object stores know no directories. Throws DirectoryTooBig. */
export async function listArtifacts(
  deps: ArtifactDeps,
  caller: Caller,
  sent: string,
): Promise<readonly ArtifactEntry[]> {
  const { path } = await artifactsFor(deps, caller, 'viewer', sent);
  const entries = await deps.artifacts.list(path, maxEntries);
  if (entries.length <= maxEntries) return entries;
  throw new AppError(
    'invalid_input',
    'DirectoryTooBig',
    `'${path}' has more than ${maxEntries} files and directories, which is more than an answer holds. Read files by their names, or log to several directories.`,
  );
}

/** Path of something in the artifacts at `artifactUri`. Throws ArtifactsElsewhere where the platform does not keep these. */
export function pathBelow(artifactUri: string, relative: string | undefined): string {
  const root = pathOfArtifactUri(artifactUri);
  if (root !== undefined) return joinPath(safePath(root), safeDirectory(relative));
  throw new AppError(
    'invalid_input',
    'ArtifactsElsewhere',
    `These artifacts lie at '${artifactUri}', which is not kept by this platform. Read and write them there.`,
  );
}

/** Why there is no file: nothing is there, or a directory. */
async function missingFile({ artifacts }: ArtifactDeps, path: string): Promise<AppError> {
  const [first] = await artifacts.list(path, 0);
  if (!first) return artifactNotFound(path);
  return new AppError(
    'invalid_input',
    'ArtifactIsDirectory',
    `Artifact path refers to a directory, not a file: '${path}'`,
  );
}
