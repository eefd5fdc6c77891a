import { createHash } from 'node:crypto';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { AppError } from '#shared/kernel/errors.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import type { ObjectHasher } from '../ports.ts';

/** Reads objects of any size through a hash, keeping nothing. */
export function createObjectHasher(client: S3Client): ObjectHasher {
  return {
    async fingerprint(uri) {
      const { bucket, key } = parseS3Uri(uri);
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (!Body) throw new AppError('unavailable', 'ObjectUnreadable', `S3 sent no body for ${uri}.`);
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of Body as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        bytes += chunk.byteLength;
      }
      return { uri, sha256: hash.digest('hex'), bytes };
    },
  };
}
