import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MlflowRefusal, type MlflowServer } from './mlflow-server.ts';
import type { Transfer } from './transfer.ts';

/** S3 takes parts of at least 5 MB, but for the last. */
const partBytes = 32 * 1024 ** 2;
/** Through API Gateway and Lambda go less than 6 MB, in base64. */
const maxWholeBytes = 4_000_000;

interface FileInfo {
  readonly path: string;
  readonly is_dir?: boolean;
  readonly file_size?: number | string;
}

/** Artifacts of one run or logged model. */
export interface ArtifactRoot {
  /** URI of the folder at the source, e.g. `mlflow-artifacts:/1/<run>/artifacts`. */
  readonly from: string;
  /** URI of the folder at the target. */
  readonly to: string;
  /** The run whose artifacts they are, for sources that keep them elsewhere. */
  readonly runId?: string;
  /** As the report names it. */
  readonly owner: string;
}

/** Copies every file below a root that was not copied before; what cannot be read is reported and left. */
export async function copyArtifacts(transfer: Transfer, root: ArtifactRoot): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-copy-'));
  try {
    for await (const { path: file } of filesBelow(transfer.source, root, '')) {
      const key = `artifact ${root.from} ${file}`;
      if (transfer.journal.get(key) !== undefined) continue;
      const local = path.join(folder, 'artifact');
      await transfer.source.download(contentPath(root, file), local);
      await uploadFile(transfer.target, `${artifactPath(root.to)}/${file}`, local);
      const { size } = await stat(local);
      transfer.report.count('artifacts');
      transfer.report.count('artifactBytes', size);
      transfer.journal.note(key, String(size));
    }
  } catch (error) {
    if (!(error instanceof MlflowRefusal)) throw error;
    transfer.report.leave(`artifacts of ${root.owner}`, error.message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Uploads a file to `<experiment>/<run>/artifacts/…` in one request, or in parts that go to S3 by themselves. */
export async function uploadFile(target: MlflowServer, to: string, file: string): Promise<void> {
  const { size } = await stat(file);
  const address = `/api/2.0/mlflow-artifacts/artifacts/${escaped(to)}`;
  if (size <= maxWholeBytes) {
    await target.upload(address, file);
    return;
  }
  const parts = Math.ceil(size / partBytes);
  const started = await startParts(target, to, parts);
  if (started === undefined) {
    await target.upload(address, file);
    return;
  }
  const done = [];
  for (const { url, part_number: number } of started.credentials) {
    const start = (number - 1) * partBytes;
    const etag = await target.upload(url, file, { start, end: Math.min(start + partBytes, size) });
    done.push({ part_number: number, etag, url });
  }
  const message = { path: path.posix.basename(to), upload_id: started.upload_id, parts: done };
  await target.ask(
    'POST',
    `/api/2.0/mlflow-artifacts/mpu/complete/${escaped(path.posix.dirname(to))}`,
    message,
  );
}

interface StartedParts {
  readonly upload_id: string;
  readonly credentials: readonly { readonly url: string; readonly part_number: number }[];
}

/** Undefined where the server keeps artifacts in a store that knows no parts. */
async function startParts(
  target: MlflowServer,
  to: string,
  parts: number,
): Promise<StartedParts | undefined> {
  try {
    return await target.ask<StartedParts>(
      'POST',
      `/api/2.0/mlflow-artifacts/mpu/create/${escaped(path.posix.dirname(to))}`,
      { path: path.posix.basename(to), num_parts: parts },
    );
  } catch (error) {
    if (error instanceof MlflowRefusal && [404, 500, 501].includes(error.status)) return undefined;
    throw error;
  }
}

async function* filesBelow(
  source: MlflowServer,
  root: ArtifactRoot,
  folder: string,
): AsyncGenerator<FileInfo> {
  for (const file of await listed(source, root, folder)) {
    if (file.is_dir) yield* filesBelow(source, root, file.path);
    else yield file;
  }
}

/** Files and folders in a folder, by their paths below the root. */
async function listed(source: MlflowServer, root: ArtifactRoot, folder: string): Promise<FileInfo[]> {
  if (isProxied(root.from)) {
    const at = [artifactPath(root.from), folder].filter((part) => part !== '').join('/');
    const query = new URLSearchParams({ path: at });
    const { files = [] } = await source.ask<{ files?: FileInfo[] }>(
      'GET',
      `/api/2.0/mlflow-artifacts/artifacts?${query}`,
    );
    return files.map((file) => ({ ...file, path: path.posix.join(folder, path.posix.basename(file.path)) }));
  }
  if (root.runId === undefined)
    throw new MlflowRefusal(`Artifacts at ${root.from}`, 501, 'the source serves them not');
  const { files = [] } = await source.get<{ files?: FileInfo[] }>('artifacts/list', {
    run_id: root.runId,
    ...(folder === '' ? {} : { path: folder }),
  });
  return files;
}

function contentPath(root: ArtifactRoot, file: string): string {
  if (isProxied(root.from))
    return `/api/2.0/mlflow-artifacts/artifacts/${escaped(`${artifactPath(root.from)}/${file}`)}`;
  return `/get-artifact?${new URLSearchParams({ run_id: root.runId ?? '', path: file })}`;
}

const isProxied = (uri: string): boolean => uri.startsWith('mlflow-artifacts:');

/** `1/<run>/artifacts` of `mlflow-artifacts:/1/<run>/artifacts` and of `mlflow-artifacts://host/1/<run>/artifacts`. */
export const artifactPath = (uri: string): string =>
  uri.replace(/^mlflow-artifacts:(\/\/[^/]*)?\/+/, '').replace(/\/+$/, '');

const escaped = (text: string): string => text.split('/').map(encodeURIComponent).join('/');
