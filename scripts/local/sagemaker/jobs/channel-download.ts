import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AwsError } from '../../emulated-service.ts';
import type { RoleS3 } from '../role-s3.ts';
import { parseS3Uri } from '../role-s3.ts';

/** The job fails for a reason that the caller can mend; the message is the failure reason. */
export class JobFailure extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'JobFailure';
  }
}

/**
 * Keys below an S3 prefix with the paths that they get below a folder: what follows the prefix, or, where the prefix ends
 * inside a name, what follows its last slash.
 * @throws JobFailure when there is none, worded as SageMaker words it, or when the role may not list.
 */
export async function listInput(
  s3: RoleS3,
  s3Uri: string,
  roleArn: string,
): Promise<{ bucket: string; key: string; path: string }[]> {
  const { bucket, key: prefix } = parseS3Uri(s3Uri);
  const keys = await s3.list(bucket, prefix).catch((error: unknown) => {
    throw noObjects(s3Uri, bucket, roleArn, error);
  });
  const folder =
    prefix === '' || prefix.endsWith('/') ? prefix : prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const files = keys.filter((key) => !key.endsWith('/'));
  if (files.length === 0) throw noObjects(s3Uri, bucket, roleArn);
  return files.map((key) => ({
    bucket,
    key,
    path: safePath(key, key.startsWith(`${prefix}/`) ? `${prefix}/` : folder),
  }));
}

function safePath(key: string, folder: string): string {
  const path = key.slice(folder.length);
  if (path.split('/').includes('..'))
    throw new JobFailure(`ClientError: Data download failed:The key ${key} leaves the input folder.`);
  return path;
}

function noObjects(s3Uri: string, bucket: string, roleArn: string, cause?: unknown): JobFailure {
  const detail = cause === undefined ? '' : ` ${cause instanceof Error ? cause.message : String(cause)}`;
  return new JobFailure(
    `ClientError: No S3 objects found under S3 URL "${s3Uri}" given in input data source. Please ensure that the bucket exists, that objects exist under that S3 prefix, and that the role "${roleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".${detail}`,
  );
}

/** Reads one object. @throws JobFailure when the role may not or the object is gone. */
export async function download(s3: RoleS3, bucket: string, key: string): Promise<Buffer> {
  return await s3.get(bucket, key).catch((error: unknown) => {
    throw downloadFailure(bucket, key, error);
  });
}

/** How SageMaker words it that an object could not be read. */
export function downloadFailure(bucket: string, key: string, error: unknown): JobFailure {
  const why =
    error instanceof AwsError && error.status === 403 ? 'insufficient permissions' : 'download error';
  return new JobFailure(
    `ClientError: Data download failed:Could not download s3://${bucket}/${key}: ${why}. ${error instanceof Error ? error.message : String(error)}`,
  );
}

/** Downloads an input channel into a folder. */
export async function downloadChannel(
  s3: RoleS3,
  s3Uri: string,
  roleArn: string,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { bucket, key, path } of await listInput(s3, s3Uri, roleArn)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await download(s3, bucket, key));
  }
}

/** Writes a result. @throws JobFailure when the role may not. */
export async function upload(s3: RoleS3, bucket: string, key: string, body: Buffer): Promise<void> {
  await s3.put(bucket, key, body).catch((error: unknown) => {
    throw uploadFailure(bucket, key, error);
  });
}

/** How SageMaker words it that a result could not be written. */
export function uploadFailure(bucket: string, key: string, error: unknown): JobFailure {
  return new JobFailure(
    `ClientError: Artifact upload failed:Could not upload s3://${bucket}/${key}: insufficient permissions. ${error instanceof Error ? error.message : String(error)}`,
  );
}
