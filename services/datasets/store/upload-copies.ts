import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, S3ServiceException } from '@aws-sdk/client-s3';
import { s3Client } from '#shared/aws/objects.ts';
import { completionMarkers } from '../contract.ts';
import type { UploadCopies } from '../ports/versions.ts';

/** Objects of the uploads bucket, hashed as they are read. */
export const createUploadCopies = (bucket: string): UploadCopies => ({
  bucket,
  async hashes(key) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const isFolder = completionMarkers.some((marker) => key === `${folder}${marker}`);
    const keys = isFolder ? await keysBelow(bucket, folder) : [key];
    const hashed: { key: string; sha256: string }[] = [];
    for (const each of keys) {
      const sha256 = await hashOf(bucket, each);
      if (sha256 !== undefined) hashed.push({ key: each, sha256 });
    }
    return hashed;
  },
});

async function keysBelow(bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3Client().send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

/** Undefined where the object is gone. */
async function hashOf(bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3Client().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const hash = createHash('sha256');
    for await (const chunk of Body as AsyncIterable<Uint8Array>) hash.update(chunk);
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}
