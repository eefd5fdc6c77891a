import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  NoSuchUpload,
  paginateListParts,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { s3Client } from '#shared/aws/objects.ts';
import type { MultipartUploads, UploadedPart } from '../ports.ts';
import { uploadNotFound } from '../use-cases/multipart-uploads.ts';

/** Uploads in parts to the uploads bucket. S3's NoSuchUpload becomes UploadNotFound. */
export function createMultipartUploads(bucket: string): MultipartUploads {
  // The default would sign the checksum of an empty body into the address, and every part would be refused.
  const signer = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  return {
    bucket,
    async begin(key) {
      const { UploadId } = await s3Client().send(
        new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }),
      );
      return UploadId!;
    },
    signPart({ key, uploadId, partNumber, bytes, validSeconds }) {
      const command = new UploadPartCommand({
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        PartNumber: partNumber,
        ContentLength: bytes,
      });
      return getSignedUrl(signer, command, {
        expiresIn: validSeconds,
        signableHeaders: new Set(['content-length', 'host']),
      });
    },
    parts: (upload) => found(upload.key, () => listParts(bucket, upload)),
    complete: ({ key, uploadId, parts }) =>
      found(key, async () => {
        await s3Client().send(
          new CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            MultipartUpload: {
              Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })),
            },
          }),
        );
      }),
  };
}

async function listParts(
  bucket: string,
  { key, uploadId }: { key: string; uploadId: string },
): Promise<UploadedPart[]> {
  const parts: UploadedPart[] = [];
  const pages = paginateListParts({ client: s3Client() }, { Bucket: bucket, Key: key, UploadId: uploadId });
  for await (const { Parts = [] } of pages)
    for (const { PartNumber, Size, ETag } of Parts)
      if (PartNumber !== undefined)
        parts.push({ partNumber: PartNumber, bytes: Size ?? 0, etag: ETag ?? '' });
  return parts;
}

async function found<Result>(key: string, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof NoSuchUpload ? uploadNotFound(key) : error;
  }
}
