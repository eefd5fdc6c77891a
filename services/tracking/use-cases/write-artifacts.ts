import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { joinPath, localFileName, safeDirectory } from '../domain/artifact-path.ts';
import type { UploadedPart } from '../ports/artifacts.ts';
import { type ArtifactDeps, writableArtifacts, writableFile } from './artifact-access.ts';

/**
 * Addresses of so many parts, each with the session token of the function's role in it, stay below the 6 MB that Lambda answers; with the
 * client's default of 10 MB a part that is a file of 20 GB.
 */
const maxParts = 2000;
/** How long an upload in parts may take. The addresses end earlier where the credentials of the function's role do. */
const uploadSeconds = 6 * 60 * 60;

/** Writes a file of at most `maxBytes` that came with the request. Throws ArtifactTooBig, and what `writableFile` throws. */
export async function putArtifact(
  deps: ArtifactDeps,
  caller: Caller,
  sent: string,
  content: Buffer,
  maxBytes: number,
): Promise<void> {
  const { path } = await writableFile(deps, caller, sent);
  if (content.byteLength > maxBytes) throw artifactTooBig(content.byteLength, maxBytes);
  await deps.artifacts.put(path, content);
}

/** Deletes a file, or a directory with all that is in it; what is not there is deleted already. */
export async function deleteArtifacts(deps: ArtifactDeps, caller: Caller, sent: string): Promise<void> {
  const { path } = await writableArtifacts(deps, caller, sent);
  await deps.artifacts.remove(path);
}

/** The file that a client uploads in parts: a directory, and the file's name on the client's disk. */
export interface PartedFile {
  readonly directory: string;
  readonly localPath: string;
}

/** Throws TooManyParts, and what `writableFile` throws. */
export async function startUpload(
  deps: ArtifactDeps,
  caller: Caller,
  file: PartedFile,
  partCount: number,
): Promise<{ readonly uploadId: string; readonly addresses: readonly string[] }> {
  const { path } = await writableFile(deps, caller, pathOf(file));
  if (!Number.isInteger(partCount) || partCount < 0 || partCount > maxParts) {
    throw new AppError(
      'invalid_input',
      'TooManyParts',
      `Invalid value ${partCount} for parameter 'num_parts' supplied: 0 to ${maxParts} parts are allowed. Set MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE to more bytes for a bigger file (104857600 is good for 200 GB).`,
    );
  }
  return deps.artifacts.startUpload(path, partCount, uploadSeconds);
}

/** Throws UploadNotFound, UploadIncomplete, and what `writableFile` throws. */
export async function completeUpload(
  deps: ArtifactDeps,
  caller: Caller,
  file: PartedFile,
  uploadId: string,
  parts: readonly UploadedPart[],
): Promise<void> {
  const { path } = await writableFile(deps, caller, pathOf(file));
  const inOrder = [...parts].sort((a, b) => a.partNumber - b.partNumber);
  await deps.artifacts.completeUpload(path, uploadId, inOrder);
}

export async function abortUpload(
  deps: ArtifactDeps,
  caller: Caller,
  file: PartedFile,
  uploadId: string,
): Promise<void> {
  const { path } = await writableFile(deps, caller, pathOf(file));
  await deps.artifacts.abortUpload(path, uploadId);
}

/** An address that takes one file of up to 5 GB. Throws what `writableFile` throws. */
export async function presignUpload(
  deps: ArtifactDeps,
  caller: Caller,
  sent: string,
  validSeconds: number,
): Promise<string> {
  const { path } = await writableFile(deps, caller, sent);
  return deps.artifacts.uploadAddress(path, validSeconds);
}

const artifactTooBig = (bytes: number, maxBytes: number): AppError =>
  new AppError(
    'invalid_input',
    'ArtifactTooBig',
    `The file has ${bytes} bytes; ${maxBytes} fit into one request. Set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true and MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=1 where the client runs: then files of every size go straight to the storage.`,
  );

const pathOf = ({ directory, localPath }: PartedFile): string =>
  joinPath(safeDirectory(directory), localFileName(localPath));
