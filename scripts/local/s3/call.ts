import { AwsError, type AwsRequest, type AwsResponse, type RuntimeContext } from '../emulated-service.ts';
import type { Bucket } from './bucket.ts';
import type { Buckets } from './buckets.ts';
import type { Notifications } from './notifications.ts';
import type { DeleteMarker, ObjectVersion, Version } from './types.ts';

/** What all operations of the service share. */
export interface S3Parts {
  readonly context: RuntimeContext;
  readonly buckets: Buckets;
  readonly notifications: Notifications;
}

/** One call of an operation on a bucket or on a key in it. */
export interface S3Call extends S3Parts {
  readonly request: AwsRequest;
  readonly bucket: Bucket;
  /** Empty for operations on the bucket. */
  readonly key: string;
}

export type S3Operation = (call: S3Call) => Promise<AwsResponse>;

const noSuchKeyMessage = 'The specified key does not exist.';

/**
 * The object that a read asks for: the current one, or the version in `versionId`. Throws as S3 does: NoSuchKey, NoSuchVersion,
 * MethodNotAllowed for a delete marker, and AccessDenied instead of NoSuchKey for a caller who may not list the bucket.
 */
export function findObject(call: S3Call): ObjectVersion {
  const versionId = call.request.query.get('versionId') ?? undefined;
  const version = versionId === undefined ? call.bucket.current(call.key) : findVersion(call, versionId);
  if (version?.kind === 'object') return version;
  if (version !== undefined && versionId !== undefined) throw markerIsNoObject(version);
  demandList(call);
  throw new AwsError('NoSuchKey', noSuchKeyMessage, 404, { Key: call.key });
}

/** A version by its id; throws NoSuchVersion. */
export function findVersion({ bucket, key }: Pick<S3Call, 'bucket' | 'key'>, versionId: string): Version {
  const version = bucket.versionsOf(key).find((one) => one.versionId === versionId);
  if (version !== undefined) return version;
  throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
    Key: key,
    VersionId: versionId,
  });
}

/** S3 tells nobody that a key is missing who could not find it out by listing. */
function demandList({ context, request, bucket, key }: S3Call): void {
  const list = {
    action: 's3:ListBucket',
    resource: `arn:aws:s3:::${bucket.name}`,
    context: { 's3:prefix': key },
  };
  try {
    context.iam.demand(request.principal, [list]);
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError('AccessDenied', error.message, 403);
    throw error;
  }
}

function markerIsNoObject(marker: DeleteMarker): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    ResourceType: 'DeleteMarker',
    VersionId: marker.versionId,
  });
}
