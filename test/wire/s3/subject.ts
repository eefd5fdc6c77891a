import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** What the cases of S3 work on. */
export interface S3Subject {
  readonly client: S3Client;
  /** A bucket without versions. */
  readonly bucket: string;
  /** A bucket that keeps versions. */
  readonly versioned: string;
}

/** The names of the buckets of the suite. */
export const bucketNames = { bucket: 'wire-plain', versioned: 'wire-versioned' } as const;

/** A key that no other case has. */
export const freshKey = (name = 'object') => `${randomUUID()}/${name}`;

export const put = (
  { client, bucket: Bucket }: S3Subject,
  Key: string,
  Body: string | Buffer | Readable,
  more: object = {},
) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

export const get = ({ client, bucket: Bucket }: S3Subject, Key: string, more: object = {}) =>
  client.send(new GetObjectCommand({ Bucket, Key, ...more }));

export async function readText(
  subject: S3Subject,
  Key: string,
  more: object = {},
): Promise<string | undefined> {
  return await (await get(subject, Key, more)).Body?.transformToString();
}
