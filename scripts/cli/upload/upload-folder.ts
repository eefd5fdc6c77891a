import path from 'node:path';
import { incomingPrefix } from '#services/datasets/contract.ts';
import { inParallel } from './in-parallel.ts';
import { filesOf, folderName, sha256Of } from './local-folder.ts';
import { type SendingDeps, sendBytes, sendFile } from './send-file.ts';

const filesAtOnce = 4;

export interface FolderUpload {
  readonly project: string;
  readonly local: string;
  /** Its name on the platform; made of its own name and its content where not given. */
  readonly folder?: string | undefined;
  /** Called with the manifest's key when all files are there. */
  readonly beforeManifest: (key: string) => Promise<void>;
}

/** Sends all files of a folder, then the manifest that makes one upload of them. Returns the manifest's key. */
export async function uploadFolder(
  sending: (totalBytes: number) => SendingDeps,
  { project, local, folder, beforeManifest }: FolderUpload,
): Promise<string> {
  const files = filesOf(local);
  const digests = new Map<string, string>();
  await inParallel(files, filesAtOnce, async (file) => {
    digests.set(file.path, await sha256Of(path.join(local, file.path)));
  });
  const manifest = JSON.stringify({
    files: files.map((file) => ({ ...file, sha256: digests.get(file.path)! })),
  });
  const name = folder ?? folderName(local, manifest);
  const deps = sending(files.reduce((sum, { bytes }) => sum + bytes, manifest.length));
  await inParallel(files, filesAtOnce, async (file) => {
    await sendFile(deps, { project, file: path.join(local, file.path), fileName: file.path, folder: name });
  });
  await beforeManifest(`${incomingPrefix}${project}/${name}/_manifest.json`);
  const content = new Uint8Array(Buffer.from(manifest));
  return sendBytes(deps, { project, fileName: '_manifest.json', folder: name }, content);
}
