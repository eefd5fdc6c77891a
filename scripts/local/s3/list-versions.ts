import type { Bucket } from './bucket.ts';
import type { S3Operation } from './call.ts';
import { encodeKey, type ListQuery, readListQuery } from './list-query.ts';
import type { Version } from './types.ts';
import { xmlResponse } from './xml.ts';

/** A version and whether it is the newest of its key. */
interface ListedVersion {
  readonly version: Version;
  readonly isLatest: boolean;
}

export const listObjectVersions: S3Operation = async ({ request, bucket, context }) => {
  const query = readListQuery(request.query);
  const keyMarker = request.query.get('key-marker') ?? '';
  const versionMarker = request.query.get('version-id-marker') ?? '';
  const { listed, commonPrefixes, isTruncated } = page(bucket, query, keyMarker, versionMarker);
  const last = listed.at(-1)?.version;
  const describe = ({ version, isLatest }: ListedVersion) => ({
    Key: encodeKey(version.key, query),
    VersionId: version.versionId,
    IsLatest: isLatest,
    LastModified: new Date(version.lastModifiedMs).toISOString(),
    ...(version.kind === 'object'
      ? { ETag: `"${version.etag}"`, Size: version.sizeBytes, StorageClass: version.storageClass }
      : {}),
    Owner: { ID: context.accountId },
  });
  return xmlResponse('ListVersionsResult', {
    Name: bucket.name,
    Prefix: encodeKey(query.prefix, query),
    KeyMarker: encodeKey(keyMarker, query),
    VersionIdMarker: versionMarker,
    MaxKeys: query.maxKeys,
    Delimiter: query.delimiter === '' ? undefined : encodeKey(query.delimiter, query),
    EncodingType: query.encodingType,
    IsTruncated: isTruncated,
    NextKeyMarker: isTruncated && last ? encodeKey(last.key, query) : undefined,
    NextVersionIdMarker: isTruncated && last ? last.versionId : undefined,
    Version: listed.filter(({ version }) => version.kind === 'object').map(describe),
    DeleteMarker: listed.filter(({ version }) => version.kind === 'marker').map(describe),
    CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encodeKey(prefix, query) })),
  });
};

function page(
  bucket: Bucket,
  query: ListQuery,
  keyMarker: string,
  versionMarker: string,
): { listed: ListedVersion[]; commonPrefixes: string[]; isTruncated: boolean } {
  const listed: ListedVersion[] = [];
  const commonPrefixes = new Set<string>();
  for (const key of bucket.keys.from(keyMarker, query.prefix)) {
    const cut = query.delimiter === '' ? -1 : key.indexOf(query.delimiter, query.prefix.length);
    if (cut >= 0) {
      commonPrefixes.add(key.slice(0, cut + query.delimiter.length));
      continue;
    }
    for (const one of versionsBehind(bucket, key, keyMarker, versionMarker)) {
      if (listed.length + commonPrefixes.size >= query.maxKeys) {
        return { listed, commonPrefixes: [...commonPrefixes], isTruncated: query.maxKeys > 0 };
      }
      listed.push(one);
    }
  }
  return { listed, commonPrefixes: [...commonPrefixes], isTruncated: false };
}

/** The versions of a key, newest first; of the marker's key only those behind the marker's version. */
function versionsBehind(
  bucket: Bucket,
  key: string,
  keyMarker: string,
  versionMarker: string,
): ListedVersion[] {
  const all = bucket.versionsOf(key).map((version, position) => ({ version, isLatest: position === 0 }));
  if (key !== keyMarker) return all;
  if (versionMarker === '') return [];
  return all.slice(all.findIndex(({ version }) => version.versionId === versionMarker) + 1);
}
