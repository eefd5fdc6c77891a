import { readUploadKey } from '../domain/upload-key.ts';
import type { Rejection } from '../ports.ts';
import { type ArrivedUpload, alreadyDecided, type UploadOutcome } from './arrived-upload.ts';
import { makeVersion, type ReceiveUploadDeps } from './make-version.ts';
import { readFile, sizeRejection } from './read-file.ts';
import { receiveFolder } from './receive-folder.ts';
import { recordRejection, unknownProject } from './record-rejection.ts';

/**
 * Makes a version of an uploaded object, or of the folder that it completes, or records why it cannot be one. A write that a newer
 * write of the same key overtook is left out; the same content again makes no version. Safe to repeat.
 */
export async function receiveUpload(deps: ReceiveUploadDeps, arrived: ArrivedUpload): Promise<UploadOutcome> {
  const { source } = arrived;
  const { project = 'unknown', folder, path, valid } = readUploadKey(source.key);
  if (valid && folder !== undefined) return receiveFolder(deps, { project, folder, arrived });
  const before = await deps.store.key(source.key);
  const described = valid ? await deps.files.describe(source) : undefined;
  const upload = described ? { ...arrived, writtenAt: described.writtenAt } : arrived;
  const past = alreadyDecided(before, upload);
  if (past) return past;
  const reject = (...reasons: readonly Rejection[]) => recordRejection(deps, upload, project, reasons);
  if (!valid) {
    return reject({
      code: 'InvalidUploadKey',
      message: `'${source.key}' names no project and file. Upload to incoming/<project>/<file>.`,
    });
  }
  const revision = await deps.projects.find(project);
  if (!revision) return reject(unknownProject(project));
  if (!described)
    return reject({
      code: 'UnreadableUpload',
      message: 'The object was deleted before it could be read. Upload it again.',
    });
  const maxBytes = revision.definition.data.maxUploadBytes;
  const wrongSize = sizeRejection(described.bytes, maxBytes);
  if (wrongSize) return reject(wrongSize);
  const read = await readFile(deps.files, revision, {
    source,
    path,
    isPartitioned: false,
    maxBytes,
    atOnce: 1,
  });
  if ('rejection' in read) return reject(read.rejection);
  return makeVersion(deps, { arrived: upload, revision, files: [read.file] });
}
