import { AwsError, type AwsRequest } from '../emulated-service.ts';
import { headerOf } from './checksums.ts';
import type { Encryption, ObjectDescription, ObjectVersion } from './types.ts';

const describingHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;
/** Headers that ask for what is not imitated; ignoring them would promise a protection that is not there. */
const refusedHeaders = [
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-website-redirect-location',
] as const;
const metadataPrefix = 'x-amz-meta-';
const maxMetadataBytes = 2048;
const maxTags = 10;

/** Reads what a writer says about an object; throws MetadataTooLarge, InvalidTag or NotImplemented. */
export function readDescription(headers: AwsRequest['headers'], encryption: Encryption): ObjectDescription {
  const refused = refusedHeaders.find((name) => headers[name] !== undefined);
  if (refused !== undefined) {
    throw new AwsError(
      'NotImplemented',
      `The laptop runtime does not imitate the S3 header ${refused}.`,
      501,
    );
  }
  const described = describingHeaders.flatMap((name) => {
    const value = name === 'content-encoding' ? withoutChunked(headers[name]) : headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    headers: { 'content-type': 'application/octet-stream', ...Object.fromEntries(described) },
    metadata: readMetadata(headers),
    tags: readTagHeader(headers['x-amz-tagging']),
    storageClass: headers['x-amz-storage-class'] ?? 'STANDARD',
    encryption: readEncryption(headers) ?? encryption,
  };
}

/** The response headers of an object that do not depend on the part of it that is sent. */
export function objectHeaders(version: ObjectVersion): Record<string, string> {
  const metadata = Object.entries(version.metadata).map(([name, value]) => [metadataPrefix + name, value]);
  const tagCount = Object.keys(version.tags).length;
  return {
    ...version.headers,
    ...Object.fromEntries(metadata),
    ...identityHeaders(version),
    'last-modified': new Date(version.lastModifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    ...(tagCount === 0 ? {} : { 'x-amz-tagging-count': String(tagCount) }),
    ...(version.storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': version.storageClass }),
  };
}

/** ETag, version and encryption: what answers to reads and writes have in common. */
export function identityHeaders(version: ObjectVersion): Record<string, string> {
  return {
    etag: `"${version.etag}"`,
    ...(version.versionId === 'null' ? {} : { 'x-amz-version-id': version.versionId }),
    ...encryptionHeaders(version.encryption),
  };
}

export function encryptionHeaders({ algorithm, keyId }: Encryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': algorithm,
    ...(keyId === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': keyId }),
  };
}

export function checksumHeaders(version: ObjectVersion): Record<string, string> {
  const { checksum } = version;
  if (checksum === undefined) return {};
  return { [headerOf(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** Checks tags as S3 does: at most ten, keys to 128 and values to 256 characters; throws InvalidTag. */
export function checkTags(tags: readonly (readonly [key: string, value: string])[]): Record<string, string> {
  const keys = new Set(tags.map(([key]) => key));
  const hasLong = tags.some(([key, value]) => key.length < 1 || key.length > 128 || value.length > 256);
  if (tags.length > maxTags) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10');
  if (hasLong) throw new AwsError('InvalidTag', 'The TagKey or TagValue you have provided is invalid');
  if (keys.size < tags.length) {
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  return Object.fromEntries(tags);
}

function readMetadata(headers: AwsRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(metadataPrefix) ? [[name.slice(metadataPrefix.length), value] as const] : [],
  );
  const sizeBytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (sizeBytes > maxMetadataBytes) {
    throw new AwsError(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      400,
      {
        Size: sizeBytes,
        MaxSizeAllowed: maxMetadataBytes,
      },
    );
  }
  return Object.fromEntries(entries);
}

function readTagHeader(header: string | undefined): Record<string, string> {
  return checkTags([...new URLSearchParams(header ?? '')]);
}

function readEncryption(headers: AwsRequest['headers']): Encryption | undefined {
  const algorithm = headers['x-amz-server-side-encryption'];
  const keyId = headers['x-amz-server-side-encryption-aws-kms-key-id'];
  if (algorithm === undefined) return undefined;
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) {
    throw new AwsError(
      'InvalidEncryptionAlgorithmError',
      'The encryption request you specified is not valid. The valid value is AES256.',
    );
  }
  return keyId === undefined ? { algorithm } : { algorithm, keyId };
}

function withoutChunked(encoding: string | undefined): string | undefined {
  const left = (encoding ?? '')
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'aws-chunked');
  return left.length === 0 ? undefined : left.join(',');
}
