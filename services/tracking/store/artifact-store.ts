import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { AppError } from '#shared/kernel/errors.ts';
import { baseName } from '../domain/artifact-path.ts';
import { attachment } from '../domain/attachment.ts';
import { mediaTypeOf } from '../domain/media-type.ts';
import type { ArtifactEntry, ArtifactFile, ArtifactStore } from '../ports/artifacts.ts';
import { completeUpload, isNoSuchUpload } from './complete-upload.ts';

/** Artifacts lie below this prefix of the models bucket, which no other service writes to. */
export const artifactPrefix = 'mlflow/';
/** What S3 deletes at once. */
const maxDeletions = 1000;

/** Artifacts as objects of a bucket, the path as the key below `artifactPrefix`. Addresses are valid under the function's own role. */
export function createArtifactStore(bucket: string): ArtifactStore {
  // The default would sign the checksum of an empty body into the addresses, and every upload would be refused.
  const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  const at = (path: string) => ({ Bucket: bucket, Key: `${artifactPrefix}${path}` });
  return {
    async put(path, content) {
      await client.send(new PutObjectCommand({ ...at(path), Body: content }));
    },
    async describe(path) {
      try {
        return fileOf(await client.send(new HeadObjectCommand(at(path))));
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    read: (path, maxBytes) => readFile(client, at(path), maxBytes),
    list: (directory, limit) => listDirectory(client, at(directory), limit),
    remove: (path) => removeTree(client, at(path)),
    downloadAddress: (path, validSeconds) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          ...at(path),
          ResponseContentDisposition: attachment(baseName(path)),
          ResponseContentType: mediaTypeOf(path),
        }),
        { expiresIn: validSeconds },
      ),
    uploadAddress: (path, validSeconds) =>
      getSignedUrl(client, new PutObjectCommand(at(path)), { expiresIn: validSeconds }),
    async startUpload(path, partCount, validSeconds) {
      const { UploadId: uploadId } = await client.send(new CreateMultipartUploadCommand(at(path)));
      if (!uploadId) throw new AppError('unavailable', 'UploadNotStarted', `S3 began no upload of ${path}.`);
      const numbers = Array.from({ length: partCount }, (_none, index) => index + 1);
      const addresses = await Promise.all(
        numbers.map((PartNumber) =>
          getSignedUrl(client, new UploadPartCommand({ ...at(path), UploadId: uploadId, PartNumber }), {
            expiresIn: validSeconds,
          }),
        ),
      );
      return { uploadId, addresses };
    },
    completeUpload: (path, uploadId, parts) => completeUpload(client, at(path), uploadId, parts),
    async abortUpload(path, uploadId) {
      try {
        await client.send(new AbortMultipartUploadCommand({ ...at(path), UploadId: uploadId }));
      } catch (error) {
        if (!isNoSuchUpload(error)) throw error;
      }
    },
  };
}

interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

const fileOf = ({ ContentLength }: HeadObjectCommandOutput): ArtifactFile => ({ bytes: ContentLength ?? 0 });

async function readFile(
  client: S3Client,
  object: ObjectAddress,
  maxBytes: number,
): Promise<(ArtifactFile & { readonly content?: Buffer }) | undefined> {
  try {
    const answer = await client.send(new GetObjectCommand(object));
    const file = fileOf(answer);
    if (!(answer.Body instanceof Readable))
      throw new AppError('unavailable', 'ObjectUnreadable', `S3 sent no body for ${object.Key}.`);
    if (file.bytes <= maxBytes) return { ...file, content: await buffer(answer.Body) };
    answer.Body.destroy();
    return file;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function listDirectory(
  client: S3Client,
  { Bucket, Key }: ObjectAddress,
  limit: number,
): Promise<ArtifactEntry[]> {
  const prefix = `${Key}/`;
  const entries: ArtifactEntry[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: prefix, Delimiter: '/', ContinuationToken: token }),
    );
    for (const { Prefix = '' } of page.CommonPrefixes ?? [])
      entries.push({ name: Prefix.slice(prefix.length, -1) });
    for (const { Key: key = '', Size = 0 } of page.Contents ?? []) {
      // Other programs mark a directory by an empty object of its name.
      if (key !== prefix) entries.push({ name: key.slice(prefix.length), bytes: Size });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined && entries.length <= limit);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function removeTree(client: S3Client, { Bucket, Key }: ObjectAddress): Promise<void> {
  let after: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: maxDeletions, StartAfter: after }),
    );
    const listed = (page.Contents ?? []).flatMap(({ Key: key }) => (key === undefined ? [] : [key]));
    const own = listed.filter((key) => key === Key || key.startsWith(`${Key}/`));
    if (own.length > 0) await deleteObjects(client, Bucket, own);
    after = page.IsTruncated ? listed.at(-1) : undefined;
  } while (after !== undefined);
}

async function deleteObjects(client: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects: keys.map((Key) => ({ Key })) } }),
  );
  const [first] = Errors;
  if (first)
    throw new AppError('unavailable', 'ObjectNotDeleted', `S3 did not delete ${first.Key}: ${first.Message}`);
}
