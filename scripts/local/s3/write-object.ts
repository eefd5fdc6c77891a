import type { AwsResponse } from '../emulated-service.ts';
import { AwsError } from '../emulated-service.ts';
import type { S3Call, S3Operation } from './call.ts';
import { findVersion } from './call.ts';
import { readChecksumAlgorithm } from './checksums.ts';
import { checkKey } from './key-rules.ts';
import { checksumHeaders, identityHeaders, readDescription } from './object-headers.ts';
import { checkCopySource, checkWrite } from './preconditions.ts';
import type { ObjectDescription, ObjectVersion } from './types.ts';
import { type ReceivedContent, receiveBody } from './upload-body.ts';
import { xmlResponse } from './xml.ts';

const maxCopyBytes = 5 * 1024 ** 3;

export const putObject: S3Operation = async (call) => {
  const { request, bucket, key } = call;
  checkKey(key);
  const description = readDescription(request.headers, bucket.settings.encryption);
  const received = await receiveBody(request, bucket.content);
  const version = commit(call, received, description, 'PutObject');
  return { status: 200, headers: { ...identityHeaders(version), ...checksumHeaders(version) } };
};

export const copyObject: S3Operation = async (call) => {
  const { request, bucket, key } = call;
  checkKey(key);
  const source = copySource(call);
  if (source.version.sizeBytes > maxCopyBytes) {
    throw new AwsError(
      'InvalidRequest',
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    );
  }
  const description = describeCopy(call, source.version);
  const wanted = request.headers['x-amz-checksum-algorithm'];
  const algorithm = wanted === undefined ? source.version.checksum?.algorithm : readChecksumAlgorithm(wanted);
  const content = await source.bucket.content.read(source.version.content);
  const stored = await bucket.content.write(
    content,
    algorithm === undefined ? [] : [algorithm],
    maxCopyBytes,
  );
  const value = algorithm && stored.checksums[algorithm];
  const received = algorithm && value ? { ...stored, checksum: { algorithm, value } } : stored;
  const version = commit(call, received, description, 'CopyObject');
  return copyResponse(version, source.version);
};

/** The object that `x-amz-copy-source` names, `bucket/key[?versionId=…]`; throws when it is missing or its conditions fail. */
export function copySource(call: S3Call): { bucket: S3Call['bucket']; version: ObjectVersion } {
  const { bucketName, key, versionId } = parseCopySource(call.request.headers['x-amz-copy-source'] ?? '');
  const bucket = call.buckets.get(bucketName);
  const version = versionId === undefined ? bucket.current(key) : findVersion({ bucket, key }, versionId);
  if (version?.kind !== 'object') {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
  checkCopySource(call.request.headers, version);
  return { bucket, version };
}

/** Takes `x-amz-copy-source` apart. */
export function parseCopySource(header: string): {
  bucketName: string;
  key: string;
  versionId: string | undefined;
} {
  const [path = '', query = ''] = header.split('?', 2);
  const decoded = decodeURIComponent(path).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  return { bucketName: decoded.slice(0, slash), key: decoded.slice(slash + 1), versionId };
}

/** Checks the conditions of the write and makes it, in one turn, so that of racing writers one wins. */
function commit(
  { request, bucket, key, context, notifications }: S3Call,
  { file, sizeBytes, md5, checksum }: ReceivedContent,
  description: ObjectDescription,
  reason: string,
): ObjectVersion {
  try {
    checkWrite(request.headers, key, bucket.current(key));
  } catch (error) {
    bucket.content.remove([{ file, sizeBytes }]);
    throw error;
  }
  const version: ObjectVersion = {
    kind: 'object',
    key,
    versionId: bucket.newVersionId(),
    lastModifiedMs: context.now(),
    etag: md5,
    sizeBytes,
    content: [{ file, sizeBytes }],
    ...description,
    ...(checksum === undefined ? {} : { checksum: { ...checksum, type: 'FULL_OBJECT' } }),
  };
  const event = notifications.created(bucket, version, reason, request);
  bucket.put(version, event);
  notifications.send(bucket, event);
  return version;
}

function describeCopy({ request, bucket, key }: S3Call, source: ObjectVersion): ObjectDescription {
  const { headers } = request;
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
  const [bucketName, sourceKey] = [
    parseCopySource(headers['x-amz-copy-source'] ?? '').bucketName,
    source.key,
  ];
  if (
    bucketName === bucket.name &&
    sourceKey === key &&
    !replaces &&
    headers['x-amz-storage-class'] === undefined
  ) {
    throw new AwsError(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing the ' +
        "object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const own = readDescription(headers, bucket.settings.encryption);
  return {
    ...own,
    ...(replaces ? {} : { headers: source.headers, metadata: source.metadata }),
    ...(headers['x-amz-tagging-directive'] === 'REPLACE' ? {} : { tags: source.tags }),
  };
}

function copyResponse(version: ObjectVersion, source: ObjectVersion): AwsResponse {
  const { checksum } = version;
  const { etag: _inBody, ...headers } = identityHeaders(version);
  const sourceVersion =
    source.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': source.versionId };
  return xmlResponse(
    'CopyObjectResult',
    {
      ETag: `"${version.etag}"`,
      LastModified: new Date(version.lastModifiedMs).toISOString(),
      ...(checksum === undefined
        ? {}
        : { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }),
    },
    { ...headers, ...sourceVersion },
  );
}
