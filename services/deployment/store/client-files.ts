import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { HeadObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { pack } from 'tar-stream';
import { packagePrefix } from '#services/deployment/contract.ts';
import { contentManifest } from '#services/registry/contract.ts';
import { downloadTo, getText, keepFile, measureFile, s3Client } from '#shared/aws/objects.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { featureNamesIn, headBytes } from '../domain/feature-names.ts';
import type { ClientFiles, ContentManifest } from '../ports.ts';
import { artifacts } from './artifacts.ts';

/** The file name that trainings of the managed image give their model. */
const modelFileName = 'xgboost-model';
const concurrentHeads = 16;

/** Reads what clients registered by its manifest, and keeps archives for serving, named by their content. */
export function createClientFiles(modelsBucket: string): ClientFiles {
  return {
    manifest: async (claim) => contentManifest.parse(JSON.parse(await getText(claim))),
    text: async (manifest, path) => getText(claimOf(manifest, path)),
    pack: (project, manifest, path) =>
      onDisk(async (folder) => {
        const model = await downloadTo(claimOf(manifest, path), join(folder, 'model'));
        const archive = join(folder, 'model.tar.gz');
        await writeArchive(model, archive);
        const file = await measureFile(archive);
        const key = `${packagePrefix}${project}/${file.sha256}/model.tar.gz`;
        const artifact = await keepFile({ bucket: modelsBucket, key }, file, 'application/gzip');
        return { artifact, featureNames: featureNamesIn(await headOf(model.path)) };
      }),
    async changedSince(manifest) {
      const changed: string[] = [];
      for (let from = 0; from < manifest.objects.length; from += concurrentHeads) {
        const some = manifest.objects.slice(from, from + concurrentHeads);
        const isSame = await Promise.all(
          some.map((object) => isUnchanged(uriOf(manifest, object.path), object)),
        );
        changed.push(...some.filter((_object, i) => !isSame[i]).map(({ path }) => path));
      }
      return changed;
    },
  };
}

const uriOf = ({ location }: ContentManifest, path: string): string =>
  path === '' ? location : `${location}/${path}`;

function claimOf(manifest: ContentManifest, path: string): StoredObject {
  const object = manifest.objects.find((other) => other.path === path);
  if (object) return { uri: uriOf(manifest, path), sha256: object.sha256, bytes: object.bytes };
  throw new AppError(
    'precondition_failed',
    'InvalidMlModel',
    `The version has no file '${path}' below ${manifest.location}.`,
  );
}

/** Times and owners are fixed, so that the same model gives the same archive. */
async function writeArchive(model: { path: string; bytes: number }, archive: string): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createGzip(), createWriteStream(archive));
  const entry = tar.entry({
    name: modelFileName,
    size: model.bytes,
    mtime: new Date(0),
    mode: 0o644,
    uid: 0,
    gid: 0,
  });
  await pipeline(createReadStream(model.path), entry);
  tar.finalize();
  await written;
}

/** An object of the recorded S3 version has the recorded bytes; of another version, they are read. Gone is 404, or 403 as the role may not list. */
async function isUnchanged(
  uri: string,
  { versionId, sha256 }: ContentManifest['objects'][number],
): Promise<boolean> {
  const { bucket, key } = parseS3Uri(uri);
  try {
    const head = await s3Client().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return (
      (versionId !== undefined && head.VersionId === versionId) || (await artifacts.digest(uri)) === sha256
    );
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 403) return false;
    throw error;
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function onDisk<Result>(run: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
