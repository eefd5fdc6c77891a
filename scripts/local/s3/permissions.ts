import type { AwsRequest, RequiredPermission } from '../emulated-service.ts';
import { readDeleteRequest } from './delete-object.ts';
import type { Target } from './operation.ts';
import { parseCopySource } from './write-object.ts';

/** Operations on a bucket and the action that allows each (service authorization reference of Amazon S3). */
const bucketActions: Readonly<Record<string, string>> = {
  CreateBucket: 's3:CreateBucket',
  DeleteBucket: 's3:DeleteBucket',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  GetBucketLocation: 's3:GetBucketLocation',
  GetBucketNotificationConfiguration: 's3:GetBucketNotification',
  GetBucketPolicy: 's3:GetBucketPolicy',
  GetBucketTagging: 's3:GetBucketTagging',
  GetBucketVersioning: 's3:GetBucketVersioning',
  GetObjectLockConfiguration: 's3:GetBucketObjectLockConfiguration',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  HeadBucket: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListObjectVersions: 's3:ListBucketVersions',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  PutBucketVersioning: 's3:PutBucketVersioning',
};

/** Operations on an object; with a version id some need another action. */
const objectActions: Readonly<Record<string, readonly [action: string, ofVersion?: string]>> = {
  AbortMultipartUpload: ['s3:AbortMultipartUpload'],
  CompleteMultipartUpload: ['s3:PutObject'],
  CopyObject: ['s3:PutObject'],
  CreateMultipartUpload: ['s3:PutObject'],
  DeleteObject: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  DeleteObjectTagging: ['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'],
  GetObject: ['s3:GetObject', 's3:GetObjectVersion'],
  GetObjectAttributes: ['s3:GetObjectAttributes', 's3:GetObjectVersionAttributes'],
  GetObjectTagging: ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'],
  HeadObject: ['s3:GetObject', 's3:GetObjectVersion'],
  ListParts: ['s3:ListMultipartUploadParts'],
  PutObject: ['s3:PutObject'],
  PutObjectTagging: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'],
  UploadPart: ['s3:PutObject'],
  UploadPartCopy: ['s3:PutObject'],
};

/** Query parameters and headers that policies may put conditions on. */
const conditionKeys: readonly (readonly [source: 'query' | 'header', name: string, key: string])[] = [
  ['query', 'prefix', 's3:prefix'],
  ['query', 'delimiter', 's3:delimiter'],
  ['query', 'max-keys', 's3:max-keys'],
  ['query', 'versionId', 's3:VersionId'],
  ['header', 'x-amz-server-side-encryption', 's3:x-amz-server-side-encryption'],
  ['header', 'x-amz-server-side-encryption-aws-kms-key-id', 's3:x-amz-server-side-encryption-aws-kms-key-id'],
  ['header', 'x-amz-storage-class', 's3:x-amz-storage-class'],
  ['header', 'if-none-match', 's3:if-none-match'],
  ['header', 'if-match', 's3:if-match'],
];

/** Which actions on which resources a request needs. */
export async function requiredPermissions(
  request: AwsRequest,
  target: Target,
  operation: string,
): Promise<RequiredPermission[]> {
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  if (operation === 'DeleteObjects') return await ofDeletes(request, target);
  const bucketArn = `arn:aws:s3:::${target.bucket}`;
  const context = conditionsOf(request);
  const bucketAction = bucketActions[operation];
  if (bucketAction !== undefined) return [{ action: bucketAction, resource: bucketArn, context }];
  const [action, ofVersion] = objectActions[operation] ?? [`s3:${operation}`];
  const main = request.query.has('versionId') ? (ofVersion ?? action) : action;
  const resource = `${bucketArn}/${target.key}`;
  const further = furtherActions(request, operation).map((one) => ({ action: one, resource, context }));
  return [{ action: main, resource, context }, ...further, ...ofCopySource(request, operation)];
}

function furtherActions({ headers, query }: AwsRequest, operation: string): string[] {
  const isWrite = objectActions[operation]?.[0] === 's3:PutObject';
  return [
    ...(isWrite && headers['x-amz-tagging'] !== undefined ? ['s3:PutObjectTagging'] : []),
    ...(isWrite && headers['if-match'] !== undefined ? ['s3:GetObject'] : []),
    ...(operation === 'GetObjectAttributes'
      ? [query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject']
      : []),
  ];
}

function ofCopySource({ headers }: AwsRequest, operation: string): RequiredPermission[] {
  const header = headers['x-amz-copy-source'];
  if (header === undefined || (!operation.endsWith('Copy') && operation !== 'CopyObject')) return [];
  const { bucketName, key, versionId } = parseCopySource(header);
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [{ action, resource: `arn:aws:s3:::${bucketName}/${key}` }];
}

async function ofDeletes(request: AwsRequest, target: Target): Promise<RequiredPermission[]> {
  const { objects } = await readDeleteRequest(request);
  return objects.map(({ key, versionId }) => ({
    action: versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
    resource: `arn:aws:s3:::${target.bucket}/${key}`,
  }));
}

function conditionsOf({ query, headers }: AwsRequest): Record<string, string> {
  const given = conditionKeys.flatMap(([source, name, key]) => {
    const value = source === 'query' ? query.get(name) : headers[name];
    return value === null || value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(given);
}
