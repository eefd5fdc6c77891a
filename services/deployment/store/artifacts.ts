import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { s3Client } from '#shared/aws/objects.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import type { Artifacts } from '../ports.ts';

/** Hashes the stored bytes as they stream by. */
export const artifacts: Artifacts = {
  async digest(uri) {
    const { bucket, key } = parseS3Uri(uri);
    const { Body } = await s3Client().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const hash = createHash('sha256');
    for await (const chunk of Body as Readable) hash.update(chunk as Buffer);
    return hash.digest('hex');
  },
};
