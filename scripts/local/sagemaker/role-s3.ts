import type { Readable } from 'node:stream';
import type { Principal, RuntimeContext } from '../emulated-service.ts';
import { validationError } from './api/validation.ts';

/** A place in S3. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Splits `s3://bucket/key`. @throws AwsError ValidationException for other forms. */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri);
  if (match?.[1] === undefined)
    throw validationError(`The S3 URI ${uri} is not supported; write it as s3://bucket/key.`);
  return { bucket: match[1], key: match[2] ?? '' };
}

/** S3 as a SageMaker role sees it: every call is decided by the role's policies. */
export interface RoleS3 {
  /** @throws AwsError AccessDenied, NoSuchBucket. */
  list(bucket: string, prefix: string): Promise<readonly string[]>;
  /** @throws AwsError AccessDenied, NoSuchKey. */
  get(bucket: string, key: string): Promise<Buffer>;
  put(bucket: string, key: string, body: Buffer): Promise<void>;
  /** As `get`, for what may be too big for memory. */
  read(bucket: string, key: string): Promise<Readable>;
  /** As `put`, for what may be too big for memory; it is opened once the role is known to be allowed. */
  write(bucket: string, key: string, open: () => Readable, sizeBytes: number): Promise<void>;
}

/** @param sessionName session of the assumed role, as it appears in the caller's ARN. */
export function roleS3(context: RuntimeContext, roleArn: string, sessionName: string): RoleS3 {
  const [, accountId, roleName] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  const principal: Principal = {
    kind: 'role',
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    roleArn,
  };
  const demand = (action: string, bucket: string, key: string): void =>
    context.iam.demand(principal, [{ action, resource: `arn:aws:s3:::${bucket}/${key}` }]);
  return {
    list: async (bucket, prefix) => {
      context.iam.demand(principal, [
        { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context: { 's3:prefix': prefix } },
      ]);
      return await context.s3.listKeys(bucket, prefix);
    },
    get: async (bucket, key) => {
      demand('s3:GetObject', bucket, key);
      return (await context.s3.getObject(bucket, key)).body;
    },
    put: async (bucket, key, body) => {
      demand('s3:PutObject', bucket, key);
      await context.s3.putObject(bucket, key, body);
    },
    read: async (bucket, key) => {
      demand('s3:GetObject', bucket, key);
      return await context.s3.readObject(bucket, key);
    },
    write: async (bucket, key, open, sizeBytes) => {
      demand('s3:PutObject', bucket, key);
      const body = open();
      try {
        await context.s3.writeObject(bucket, key, body, sizeBytes);
      } finally {
        body.destroy();
      }
    },
  };
}
