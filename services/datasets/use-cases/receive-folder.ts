import type { ProjectRevision } from '#services/projects/contract.ts';
import { uploadManifest } from '../contract.ts';
import {
  type FolderFile,
  type FolderObject,
  type FolderPlan,
  listed,
  markerOf,
  planByManifest,
  planBySuccess,
} from '../domain/folder-plan.ts';
import { folderPrefix } from '../domain/upload-key.ts';
import type { Incoming, Rejection } from '../ports.ts';
import { type ArrivedUpload, type UploadOutcome, uploadId } from './arrived-upload.ts';
import { makeVersion, type ReceiveUploadDeps } from './make-version.ts';
import { type ReadFile, readFile, sizeRejection } from './read-file.ts';
import { recordRejection, unknownProject } from './record-rejection.ts';

/** All files of a folder together, as they are stored: what one function reads within its time. */
const maxFolderBytes = 21_474_836_480;
const maxManifestBytes = 4_194_304;
/** Small files are read a few at once, so that the time is not spent waiting for S3. */
const filesAtOnce = 4;
const smallBytes = 16_777_216;
/** A small file must not fill the disk that it shares with others. */
const maxSmallDecompressedBytes = 1_073_741_824;
/** Once so many files are found wrong, the others are not read. */
const maxReasons = 5;

export interface ArrivedInFolder {
  readonly project: string;
  readonly folder: string;
  readonly arrived: ArrivedUpload;
}

/** What a folder is now: its marker and the files that it completes. */
export interface FolderState {
  readonly objects: readonly FolderObject[];
  readonly marker: FolderObject | undefined;
  readonly plan: FolderPlan;
}

/**
 * Makes one version of a folder when its marker and all its files are there. It is decided on every event of the folder, by what S3
 * lists: events come in any order and more than once. The same marker with the same contents is decided once.
 */
export async function receiveFolder(
  deps: ReceiveUploadDeps,
  upload: ArrivedInFolder,
): Promise<UploadOutcome> {
  const state = await folderState(deps.incoming, upload);
  const { marker, plan } = state;
  if (!marker || plan.status === 'waiting') return 'waiting';
  const { project } = upload;
  const arrived = completion(deps.incoming.bucket, upload.arrived, marker, state);
  if (await deps.store.isHandled(arrived.folder.uploadId)) return 'repeated';
  const reject = (...reasons: readonly Rejection[]) => recordRejection(deps, arrived, project, reasons);
  if (plan.status === 'changed') return reject(changed(plan.differences));
  const revision = await deps.projects.find(project);
  if (!revision) return reject(unknownProject(project));
  const bytes = plan.files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > maxFolderBytes)
    return reject({
      code: 'UploadTooLarge',
      message: `The files have ${bytes} bytes together, ${maxFolderBytes} are allowed. Split them among several folders.`,
    });
  // Of many events that come at once, one reads the files; where it does not get through, it is called again, or the hourly round is.
  if (!(await deps.store.claim(arrived.folder.uploadId, arrived.claimant))) return 'waiting';
  const read = await readFiles(deps, revision, plan.files);
  // What was written after the manifest and is not what it says belongs to the next manifest.
  if (read.isNewerThanMarker(marker)) return 'waiting';
  if (read.reasons.length > 0) return reject(...read.reasons);
  return makeVersion(deps, { arrived, revision, files: read.files });
}

/** Lists a folder and decides whether it is complete. */
export async function folderState(
  incoming: Incoming,
  { project, folder }: Pick<ArrivedInFolder, 'project' | 'folder'>,
): Promise<FolderState> {
  const prefix = folderPrefix(project, folder);
  const objects: FolderObject[] = [];
  for await (const page of incoming.list(prefix))
    objects.push(...page.map((object) => ({ ...object, path: object.key.slice(prefix.length) })));
  const marker = markerOf(objects);
  if (!marker) return { objects, marker, plan: { status: 'waiting', lacking: 'it has no marker' } };
  return { objects, marker, plan: await planOf(incoming, objects, marker) };
}

async function planOf(
  incoming: Incoming,
  objects: readonly FolderObject[],
  marker: FolderObject,
): Promise<FolderPlan> {
  if (marker.path === '_SUCCESS') return planBySuccess(objects, marker);
  const tooLarge = marker.bytes > maxManifestBytes;
  const parsed = uploadManifest.safeParse(tooLarge ? undefined : parseJson(await incoming.text(marker)));
  if (parsed.success) return planByManifest(objects, marker, parsed.data);
  const what = tooLarge
    ? `it has ${marker.bytes} bytes, ${maxManifestBytes} are allowed`
    : firstIssue(parsed.error);
  return { status: 'changed', differences: [`_manifest.json is not as documented: ${what}`] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstIssue({ issues: [issue] }: { issues: { path: PropertyKey[]; message: string }[] }): string {
  return issue ? `${issue.path.join('.') || 'the document'}: ${issue.message}` : 'no JSON';
}

type Completion = ArrivedUpload & { readonly folder: { readonly uploadId: string; readonly files: number } };

/** A folder is known by its marker's write and the contents of its files: writing a file again as it was changes nothing. */
function completion(
  bucket: string,
  { requester, claimant }: ArrivedUpload,
  marker: FolderObject,
  { plan, objects }: FolderState,
): Completion {
  const files: readonly FolderObject[] = plan.status === 'complete' ? plan.files : objects;
  const contents = files.map(({ path, etag }) => `${path} ${etag}`).sort();
  const writtenAt = Math.max(marker.writtenAt.getTime(), ...files.map((file) => file.writtenAt.getTime()));
  return {
    source: { bucket, key: marker.key, ...(marker.versionId ? { versionId: marker.versionId } : {}) },
    receivedAt: new Date(writtenAt),
    requester,
    claimant,
    folder: {
      uploadId: uploadId(bucket, marker.key, marker.versionId ?? marker.etag, ...contents),
      files: files.length,
    },
  };
}

const changed = (differences: readonly string[]): Rejection => ({
  code: 'ChangedUpload',
  message: `The folder is not what its manifest says: ${listed(differences)}. Upload what differs again, or write the manifest anew.`,
});

async function readFiles(
  { files, incoming }: ReceiveUploadDeps,
  revision: ProjectRevision,
  folderFiles: readonly FolderFile[],
) {
  const { maxUploadBytes } = revision.definition.data;
  const results = new Map<FolderFile, ReadFile>();
  const rejected: { file: FolderFile; reason: Rejection }[] = [];
  const readOne = async (file: FolderFile, atOnce: number) => {
    const { key, path, versionId, etag, sha256 } = file;
    const read =
      asRejection(sizeRejection(file.bytes, maxUploadBytes)) ??
      (await readFile(files, revision, {
        source: { bucket: incoming.bucket, key, ...(versionId ? { versionId } : {}), etag },
        path,
        isPartitioned: true,
        expectedSha256: sha256,
        maxBytes: atOnce > 1 ? Math.min(maxUploadBytes, maxSmallDecompressedBytes) : maxUploadBytes,
        atOnce,
      }));
    if ('file' in read) results.set(file, read.file);
    else rejected.push({ file, reason: inFile(path, read.rejection) });
  };
  // The newest first: what is being written anew is found before much is read.
  const newestFirst = folderFiles.toSorted((a, b) => b.writtenAt.getTime() - a.writtenAt.getTime());
  for (const batch of batchesOf(newestFirst)) {
    await Promise.all(batch.map((file) => readOne(file, batch.length)));
    if (rejected.length >= maxReasons) break;
  }
  return {
    files: folderFiles.flatMap((file) => results.get(file) ?? []),
    reasons: rejected.slice(0, maxReasons).map(({ reason }) => reason),
    isNewerThanMarker: (marker: FolderObject) =>
      rejected.some(
        ({ file, reason }) => reason.code === 'ChangedUpload' && file.writtenAt > marker.writtenAt,
      ),
  };
}

const asRejection = (rejection: Rejection | undefined) => rejection && { rejection };
const inFile = (path: string, { code, message }: Rejection): Rejection => ({
  code,
  message: `${path}: ${message}`,
});

/** Small files a few at once, a larger one by itself. */
function* batchesOf(files: readonly FolderFile[]): Generator<FolderFile[]> {
  let batch: FolderFile[] = [];
  for (const file of files) {
    if (file.bytes > smallBytes) {
      yield [file];
      continue;
    }
    batch.push(file);
    if (batch.length === filesAtOnce) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
