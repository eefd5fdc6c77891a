import { AwsError, type AwsResponse } from '../emulated-service.ts';
import { defaultSettings } from './bucket-resource.ts';
import type { S3Operation, S3Parts } from './call.ts';
import { tagSet } from './tagging.ts';
import { parseXml, xmlResponse } from './xml.ts';

/** Answers ListBuckets. */
export function listBuckets({ buckets, context }: S3Parts): AwsResponse {
  return xmlResponse('ListAllMyBucketsResult', {
    Owner: { ID: context.accountId },
    Buckets: {
      Bucket: buckets.all().map(({ name, settings }) => ({
        Name: name,
        CreationDate: new Date(settings.createdAtMs).toISOString(),
      })),
    },
  });
}

/** Answers CreateBucket; making an own bucket again is an error outside us-east-1 only. */
export function createBucket({ buckets, context }: S3Parts, name: string): AwsResponse {
  if (buckets.find(name) === undefined) buckets.create(name, defaultSettings(context.now()));
  return { status: 200, headers: { location: `/${name}` } };
}

export const deleteBucket: S3Operation = async ({ buckets, bucket }) => {
  buckets.remove(bucket.name);
  return { status: 204 };
};

export const headBucket: S3Operation = async ({ context }) => ({
  status: 200,
  headers: { 'x-amz-bucket-region': context.region },
});

/** us-east-1 is told by an empty element. */
export const getBucketLocation: S3Operation = async ({ context }) =>
  xmlResponse('LocationConstraint', context.region === 'us-east-1' ? {} : { '#text': context.region });

export const getBucketVersioning: S3Operation = async ({ bucket }) => {
  const { versioning } = bucket.settings;
  return xmlResponse('VersioningConfiguration', versioning === 'Off' ? {} : { Status: versioning });
};

export const putBucketVersioning: S3Operation = async ({ request, bucket }) => {
  const status = parseXml(await request.bytes(), 'VersioningConfiguration')['Status'];
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
  }
  bucket.change({ ...bucket.settings, versioning: status });
  return { status: 200 };
};

export const getBucketPolicy: S3Operation = async ({ bucket }) => {
  const { policy } = bucket.settings;
  if (policy === undefined) {
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
      BucketName: bucket.name,
    });
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(policy) };
};

export const getBucketLifecycle: S3Operation = async ({ bucket }) => {
  const rules = bucket.settings.lifecycleRules as readonly Readonly<Record<string, unknown>>[];
  if (rules.length === 0) {
    throw new AwsError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', 404, {
      BucketName: bucket.name,
    });
  }
  return xmlResponse('LifecycleConfiguration', {
    Rule: rules.map(({ Id, Status, Prefix, ExpirationInDays }) => ({
      ID: Id,
      Filter: { Prefix: Prefix ?? '' },
      Status,
      ...(ExpirationInDays === undefined ? {} : { Expiration: { Days: ExpirationInDays } }),
    })),
  });
};

export const getBucketNotification: S3Operation = async ({ bucket }) =>
  xmlResponse(
    'NotificationConfiguration',
    bucket.settings.eventBridge ? { EventBridgeConfiguration: '' } : {},
  );

export const getBucketEncryption: S3Operation = async ({ bucket }) => {
  const { algorithm, keyId } = bucket.settings.encryption;
  return xmlResponse('ServerSideEncryptionConfiguration', {
    Rule: {
      ApplyServerSideEncryptionByDefault: {
        SSEAlgorithm: algorithm,
        ...(keyId === undefined ? {} : { KMSMasterKeyID: keyId }),
      },
    },
  });
};

export const getPublicAccessBlock: S3Operation = async ({ bucket }) => {
  const { publicAccessBlock } = bucket.settings;
  if (publicAccessBlock === undefined) {
    throw new AwsError(
      'NoSuchPublicAccessBlockConfiguration',
      'The public access block configuration was not found',
      404,
    );
  }
  return xmlResponse('PublicAccessBlockConfiguration', publicAccessBlock);
};

export const getBucketTagging: S3Operation = async ({ bucket }) => {
  const { tags } = bucket.settings;
  if (Object.keys(tags).length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404);
  return xmlResponse('Tagging', { TagSet: tagSet(tags) });
};

export const getObjectLock: S3Operation = async ({ bucket }) => {
  if (!bucket.settings.objectLock) {
    throw new AwsError(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
      404,
    );
  }
  return xmlResponse('ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled' });
};
