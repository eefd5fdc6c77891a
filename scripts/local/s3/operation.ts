import { AwsError, type AwsRequest } from '../emulated-service.ts';

/** The bucket and key that a request names; both are empty where it names none. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
}

/** Which query parameter or header chooses which operation; the first that is present wins. */
type Choice = readonly [marker: string, operation: string];

const serviceOperations: Readonly<Record<string, readonly Choice[]>> = { GET: [['', 'ListBuckets']] };

const bucketOperations: Readonly<Record<string, readonly Choice[]>> = {
  GET: [
    ['location', 'GetBucketLocation'],
    ['versioning', 'GetBucketVersioning'],
    ['versions', 'ListObjectVersions'],
    ['uploads', 'ListMultipartUploads'],
    ['policy', 'GetBucketPolicy'],
    ['lifecycle', 'GetBucketLifecycleConfiguration'],
    ['notification', 'GetBucketNotificationConfiguration'],
    ['encryption', 'GetBucketEncryption'],
    ['publicAccessBlock', 'GetPublicAccessBlock'],
    ['tagging', 'GetBucketTagging'],
    ['object-lock', 'GetObjectLockConfiguration'],
    ['list-type', 'ListObjectsV2'],
    ['', 'ListObjects'],
  ],
  HEAD: [['', 'HeadBucket']],
  PUT: [
    ['versioning', 'PutBucketVersioning'],
    ['', 'CreateBucket'],
  ],
  DELETE: [['', 'DeleteBucket']],
  POST: [['delete', 'DeleteObjects']],
};

const objectOperations: Readonly<Record<string, readonly Choice[]>> = {
  GET: [
    ['tagging', 'GetObjectTagging'],
    ['attributes', 'GetObjectAttributes'],
    ['uploadId', 'ListParts'],
    ['', 'GetObject'],
  ],
  HEAD: [['', 'HeadObject']],
  PUT: [
    ['tagging', 'PutObjectTagging'],
    ['partNumber+x-amz-copy-source', 'UploadPartCopy'],
    ['partNumber', 'UploadPart'],
    ['x-amz-copy-source', 'CopyObject'],
    ['', 'PutObject'],
  ],
  DELETE: [
    ['tagging', 'DeleteObjectTagging'],
    ['uploadId', 'AbortMultipartUpload'],
    ['', 'DeleteObject'],
  ],
  POST: [
    ['uploads', 'CreateMultipartUpload'],
    ['uploadId', 'CompleteMultipartUpload'],
  ],
};

/** Query parameters that ask for another operation than the plain one; without this list `PUT bucket?policy` would create a bucket. */
const subresources = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
] as const;

/**
 * Reads bucket and key from the path (`/bucket/key`) or, where the host begins with a bucket (`bucket.s3.localhost:4566`), from both.
 */
export function readTarget(request: AwsRequest): Target {
  const host = (request.headers['host'] ?? '').split(':')[0] ?? '';
  const hosted = /^(?<bucket>.+?)\.(?:s3[.-].*|localhost)$/.exec(host)?.groups?.['bucket'];
  const path = hosted === undefined ? request.rawPath.slice(1) : `${hosted}${request.rawPath}`;
  const slash = path.indexOf('/');
  const bucket = slash < 0 ? path : path.slice(0, slash);
  return { bucket: decode(bucket), key: slash < 0 ? '' : decode(path.slice(slash + 1)) };
}

/** Tells the operation; throws NotImplemented, naming method and marker, for one that is not imitated. */
export function readOperation(request: AwsRequest, target: Target): string {
  const { query, headers, method } = request;
  const table =
    target.bucket === '' ? serviceOperations : target.key === '' ? bucketOperations : objectOperations;
  const isPresent = (marker: string) =>
    marker.split('+').every((one) => one === '' || query.has(one) || headers[one] !== undefined);
  const [marker, operation] = table[method]?.find(([one]) => isPresent(one)) ?? [];
  const subresource = subresources.find((one) => query.has(one));
  if (operation !== undefined && (marker !== '' || subresource === undefined)) return operation;
  const what = `${method} ${target.key === '' ? 'bucket' : 'object'}${subresource === undefined ? '' : `?${subresource}`}`;
  throw new AwsError(
    'NotImplemented',
    `The laptop runtime does not imitate this S3 operation: ${what}.`,
    501,
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
