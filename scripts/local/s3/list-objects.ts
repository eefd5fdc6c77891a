import { AwsError, type AwsResponse } from '../emulated-service.ts';
import type { Bucket } from './bucket.ts';
import type { S3Call, S3Operation } from './call.ts';
import { encodeKey, type ListQuery, readListQuery } from './list-query.ts';
import type { ObjectVersion } from './types.ts';
import { xmlResponse } from './xml.ts';

/** Sorts behind every key that begins with what stands before it. */
const lastCharacter = '\u{10ffff}';

/** One page of a listing: objects and common prefixes, in the order of keys. */
interface Page {
  readonly objects: readonly ObjectVersion[];
  readonly commonPrefixes: readonly string[];
  /** The last key or prefix of the page, when there is more behind it. */
  readonly last: string | undefined;
}

export const listObjectsV2: S3Operation = async (call) => {
  const { request, bucket } = call;
  const query = readListQuery(request.query);
  const token = request.query.get('continuation-token');
  const startAfter = request.query.get('start-after') ?? '';
  const page = listPage(bucket, query, token === null ? startAfter : decodeToken(token));
  const withOwner = request.query.get('fetch-owner') === 'true';
  return listing(
    call,
    query,
    page,
    {
      KeyCount: page.objects.length + page.commonPrefixes.length,
      ContinuationToken: token ?? undefined,
      StartAfter: request.query.get('start-after') === null ? undefined : encodeKey(startAfter, query),
      NextContinuationToken: page.last === undefined ? undefined : encodeToken(page.last),
    },
    withOwner,
  );
};

export const listObjects: S3Operation = async (call) => {
  const query = readListQuery(call.request.query);
  const marker = call.request.query.get('marker') ?? '';
  const page = listPage(call.bucket, query, marker);
  const next = query.delimiter === '' || page.last === undefined ? undefined : encodeKey(page.last, query);
  return listing(call, query, page, { Marker: encodeKey(marker, query), NextMarker: next }, true);
};

/** Objects behind `after`, keys with a delimiter behind the prefix rolled up. */
function listPage(bucket: Bucket, query: ListQuery, after: string): Page {
  const objects: ObjectVersion[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  let start = isRolledUp(after, query) ? after + lastCharacter : after;
  for (;;) {
    const key = nextKey(bucket, start, after, query.prefix);
    if (key === undefined) return { objects, commonPrefixes, last: undefined };
    if (objects.length + commonPrefixes.length >= query.maxKeys) {
      return { objects, commonPrefixes, last: query.maxKeys === 0 ? undefined : last };
    }
    const rolled = rollUp(key, query);
    if (rolled === undefined) {
      objects.push(bucket.current(key) as ObjectVersion);
      last = key;
      start = `${key}\u0000`;
    } else {
      commonPrefixes.push(rolled);
      last = rolled;
      start = rolled + lastCharacter;
    }
  }
}

/** The first key from `start` on whose current version is an object. */
function nextKey(bucket: Bucket, start: string, after: string, prefix: string): string | undefined {
  for (const key of bucket.keys.from(start, prefix)) {
    if (key !== after && bucket.current(key)?.kind === 'object') return key;
  }
  return undefined;
}

function rollUp(key: string, { prefix, delimiter }: ListQuery): string | undefined {
  if (delimiter === '') return undefined;
  const position = key.indexOf(delimiter, prefix.length);
  return position < 0 ? undefined : key.slice(0, position + delimiter.length);
}

/** Whether a listing went on behind a common prefix, all of whose keys were in it. */
function isRolledUp(after: string, query: ListQuery): boolean {
  return after !== '' && after.startsWith(query.prefix) && rollUp(after, query) === after;
}

function listing(
  { bucket, context }: S3Call,
  query: ListQuery,
  page: Page,
  further: Readonly<Record<string, unknown>>,
  withOwner: boolean,
): AwsResponse {
  const owner = withOwner ? { Owner: { ID: context.accountId } } : {};
  return xmlResponse('ListBucketResult', {
    Name: bucket.name,
    Prefix: encodeKey(query.prefix, query),
    Delimiter: query.delimiter === '' ? undefined : encodeKey(query.delimiter, query),
    MaxKeys: query.maxKeys,
    EncodingType: query.encodingType,
    IsTruncated: page.last !== undefined,
    ...further,
    Contents: page.objects.map((version) => ({
      Key: encodeKey(version.key, query),
      LastModified: new Date(version.lastModifiedMs).toISOString(),
      ETag: `"${version.etag}"`,
      ...(version.checksum === undefined
        ? {}
        : { ChecksumAlgorithm: version.checksum.algorithm, ChecksumType: version.checksum.type }),
      Size: version.sizeBytes,
      StorageClass: version.storageClass,
      ...owner,
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encodeKey(prefix, query) })),
  });
}

function encodeToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (encodeToken(key) === token) return key;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
    ArgumentName: 'continuation-token',
  });
}
