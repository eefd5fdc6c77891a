import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { AppError } from '#shared/kernel/errors.ts';
import type { UploadedPart } from '../ports/artifacts.ts';

interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

/** What S3 says of parts that the sender got wrong. */
const wrongParts: ReadonlySet<string> = new Set([
  'EntityTooSmall',
  'InvalidPart',
  'InvalidPartOrder',
  'MalformedXML',
]);

export const isNoSuchUpload = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === 'NoSuchUpload';

/** See `ArtifactStore.completeUpload`. A file of no bytes has no part, which S3 does not take: it is put as it is. */
export async function completeUpload(
  client: S3Client,
  object: ObjectAddress,
  uploadId: string,
  parts: readonly UploadedPart[],
): Promise<void> {
  if (parts.length === 0) return putEmpty(client, object, uploadId);
  const listed = parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
  try {
    await client.send(
      new CompleteMultipartUploadCommand({
        ...object,
        UploadId: uploadId,
        MultipartUpload: { Parts: listed },
      }),
    );
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    if (wrongParts.has(error.name)) {
      throw new AppError(
        'invalid_input',
        'UploadIncomplete',
        `The parts of the upload do not make a file (${error.name}: ${error.message}). Upload the file again.`,
      );
    }
    if (!isNoSuchUpload(error)) throw error;
    // A client whose answer was lost asks again: then the file is there, made of these parts.
    if (!(await isMadeOf(client, object, parts))) throw uploadNotFound(uploadId);
  }
}

async function putEmpty(client: S3Client, object: ObjectAddress, uploadId: string): Promise<void> {
  try {
    await client.send(new AbortMultipartUploadCommand({ ...object, UploadId: uploadId }));
  } catch (error) {
    if (!isNoSuchUpload(error)) throw error;
    // Either the client asks again, or it never asked for an upload to this path.
    if ((await headOf(client, object))?.ContentLength === 0) return;
    throw uploadNotFound(uploadId);
  }
  await client.send(new PutObjectCommand({ ...object, Body: '' }));
}

async function isMadeOf(
  client: S3Client,
  object: ObjectAddress,
  parts: readonly UploadedPart[],
): Promise<boolean> {
  const etag = (await headOf(client, object))?.ETag;
  return etag !== undefined && unquoted(etag) === etagOf(parts);
}

async function headOf(client: S3Client, object: ObjectAddress) {
  try {
    return await client.send(new HeadObjectCommand(object));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** The ETag of an object that was uploaded in parts: the MD5 of the MD5s of its parts, and their number. */
function etagOf(parts: readonly UploadedPart[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(unquoted(etag), 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

const unquoted = (etag: string): string => etag.replaceAll('"', '');

const uploadNotFound = (uploadId: string): AppError =>
  new AppError(
    'not_found',
    'UploadNotFound',
    `There is no upload ${uploadId.slice(0, 200)} to this path: it was completed or given up, or belongs to another path. Begin a new one.`,
  );
