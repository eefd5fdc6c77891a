import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  completeMultipartUpload,
  createMultipartUpload,
  createUpload,
  signUploadParts,
} from '#services/datasets/contract.ts';
import type { ApiClient } from '../client.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import type { BegunUpload, BegunUploads } from './begun-uploads.ts';
import { inParallel } from './in-parallel.ts';
import type { UploadProgress } from './progress.ts';
import { md5, put } from './put.ts';

/** Files up to this go in one piece. */
const singleBytes = 16_777_216;
const partsAtOnce = 4;
/** Addresses are asked for so many parts at a time: they are good for 15 minutes. */
const signedAtOnce = 16;

export interface SendingDeps {
  readonly client: ApiClient;
  readonly begun: BegunUploads;
  readonly progress: UploadProgress;
}

export interface LocalUpload {
  readonly project: string;
  /** On this machine. */
  readonly file: string;
  /** What it is called there; within the folder where there is one. */
  readonly fileName: string;
  readonly folder?: string | undefined;
}

/** Sends one file, in parts where it is large; a large one that was begun before goes on where it stopped. Returns its key. */
export async function sendFile(deps: SendingDeps, upload: LocalUpload): Promise<string> {
  const { size, mtimeMs } = await statFile(upload.file);
  if (size <= singleBytes) return sendWhole(deps, upload);
  const { platformUrl } = deps.client.connection;
  const identity = [
    String(platformUrl),
    upload.project,
    upload.folder ?? '',
    path.resolve(upload.file),
    String(size),
    String(mtimeMs),
  ];
  const known = deps.begun.find(identity);
  const there = known && (await partsThere(deps.client, upload.project, known));
  const begun = known && there ? known : await begin(deps.client, upload, size);
  deps.begun.save(identity, begun);
  const handle = await open(upload.file);
  try {
    await sendParts(deps, { project: upload.project, begun, handle, size, there: there ?? new Map() });
  } finally {
    await handle.close();
  }
  const { key, uploadId } = begun;
  await deps.client.call(completeMultipartUpload, {
    params: { project: upload.project },
    body: { key, uploadId },
  });
  deps.begun.remove(identity);
  return key;
}

async function statFile(file: string) {
  try {
    return await stat(file);
  } catch {
    throw new CliFailure(
      exitCodes.usage,
      `There is no file '${file}'. Name a file that can be read from this folder.`,
    );
  }
}

async function sendWhole({ client, progress }: SendingDeps, upload: LocalUpload): Promise<string> {
  const bytes = new Uint8Array(await readFile(upload.file));
  return sendBytes({ client, progress }, upload, bytes);
}

/** Sends bytes in one piece. */
export async function sendBytes(
  { client, progress }: Pick<SendingDeps, 'client' | 'progress'>,
  { project, fileName, folder }: Omit<LocalUpload, 'file'>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const target = await client.call(createUpload, {
    params: { project },
    body: { fileName, bytes: bytes.byteLength, ...(folder === undefined ? {} : { folder }) },
  });
  await put({ url: target.url, headers: target.headers, what: `the upload of '${fileName}'` }, bytes);
  progress.add(bytes.byteLength);
  return target.key;
}

async function begin(
  client: ApiClient,
  { project, fileName, folder }: LocalUpload,
  bytes: number,
): Promise<BegunUpload> {
  const { key, uploadId, partBytes, parts } = await client.call(createMultipartUpload, {
    params: { project },
    body: { fileName, bytes, ...(folder === undefined ? {} : { folder }) },
  });
  return { key, uploadId, partBytes, parts };
}

/** Parts that arrived before, with their ETags; undefined where the platform knows nothing of the upload any more. */
async function partsThere(
  client: ApiClient,
  project: string,
  { key, uploadId }: BegunUpload,
): Promise<ReadonlyMap<number, string> | undefined> {
  try {
    const { uploaded } = await client.call(signUploadParts, {
      params: { project },
      body: { key, uploadId, partNumbers: [] },
    });
    return new Map(uploaded.map(({ partNumber, etag }) => [partNumber, etag.replaceAll('"', '')]));
  } catch (error) {
    if (error instanceof CliFailure && error.message.startsWith('UploadNotFound')) return undefined;
    throw error;
  }
}

interface PartsToSend {
  readonly project: string;
  readonly begun: BegunUpload;
  readonly handle: FileHandle;
  readonly size: number;
  readonly there: ReadonlyMap<number, string>;
}

async function sendParts(
  { client, progress }: SendingDeps,
  { project, begun, handle, size, there }: PartsToSend,
): Promise<void> {
  const { key, uploadId, partBytes, parts } = begun;
  const read = async (partNumber: number) => {
    const start = (partNumber - 1) * partBytes;
    const bytes = new Uint8Array(Math.min(partBytes, size - start));
    await handle.read(bytes, 0, bytes.byteLength, start);
    return bytes;
  };
  const numbers = Array.from({ length: parts }, (_none, index) => index + 1);
  for (let from = 0; from < parts; from += signedAtOnce) {
    const missing: number[] = [];
    for (const partNumber of numbers.slice(from, from + signedAtOnce)) {
      const etag = there.get(partNumber);
      const bytes = etag === undefined ? undefined : await read(partNumber);
      if (bytes && md5(bytes) === etag) progress.add(bytes.byteLength);
      else missing.push(partNumber);
    }
    if (missing.length === 0) continue;
    const signed = await client.call(signUploadParts, {
      params: { project },
      body: { key, uploadId, partNumbers: missing },
    });
    await inParallel(signed.parts, partsAtOnce, async ({ partNumber, url }) => {
      const bytes = await read(partNumber);
      const headers = { 'content-length': String(bytes.byteLength) };
      await put({ url, headers, what: `part ${partNumber} of ${parts}` }, bytes);
      progress.add(bytes.byteLength);
    });
  }
}
