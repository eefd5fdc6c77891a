import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { s3Client } from './objects.ts';

const validSeconds = 15 * 60;

/** An address of an object for HTTP GET, valid for 15 minutes and as long as the role that signs it may read the object. */
export function downloadAddress({ uri }: { readonly uri: string }): Promise<string> {
  const { bucket, key } = parseS3Uri(uri);
  return getSignedUrl(s3Client(), new GetObjectCommand({ Bucket: bucket, Key: key }), {
    expiresIn: validSeconds,
  });
}
