import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { UploadAddresses } from '../ports.ts';

/** Presigned addresses of the uploads bucket, valid under the function's own role. */
export function createUploadAddresses(bucket: string): UploadAddresses {
  // The default would sign the checksum of an empty body into the address, and every upload would be refused.
  const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  return {
    async sign({ key, bytes, validSeconds }) {
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, ContentLength: bytes });
      const url = await getSignedUrl(client, command, {
        expiresIn: validSeconds,
        signableHeaders: new Set(['content-length', 'host']),
      });
      return { url, headers: { 'content-length': String(bytes) }, bucket };
    },
  };
}
