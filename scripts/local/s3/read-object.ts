import { AwsError, type AwsResponse } from '../emulated-service.ts';
import { findObject, type S3Call, type S3Operation } from './call.ts';
import { memberOf } from './checksums.ts';
import type { ByteRange } from './content-store.ts';
import { checksumHeaders, objectHeaders } from './object-headers.ts';
import { checkRead } from './preconditions.ts';
import type { ObjectVersion } from './types.ts';
import { xmlResponse } from './xml.ts';

const overrides: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

export const getObject: S3Operation = (call) => answerRead(call, true);

export const headObject: S3Operation = (call) => answerRead(call, false);

export const getObjectAttributes: S3Operation = async (call) => {
  const version = findObject(call);
  const wanted = new Set(
    (call.request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim()),
  );
  const { checksum, parts } = version;
  return xmlResponse(
    'GetObjectAttributesResponse',
    {
      ETag: wanted.has('ETag') ? version.etag : undefined,
      ObjectSize: wanted.has('ObjectSize') ? version.sizeBytes : undefined,
      StorageClass: wanted.has('StorageClass') ? version.storageClass : undefined,
      Checksum:
        wanted.has('Checksum') && checksum
          ? { [memberOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type }
          : undefined,
      ObjectParts: wanted.has('ObjectParts') && parts ? { PartsCount: parts.length } : undefined,
    },
    { 'last-modified': new Date(version.lastModifiedMs).toUTCString() },
  );
};

async function answerRead(call: S3Call, withBody: boolean): Promise<AwsResponse> {
  const { request, bucket } = call;
  const version = findObject(call);
  const headers = { ...objectHeaders(version), ...overriddenHeaders(request.query) };
  if (checkRead(request.headers, version) === 'not-modified') {
    return {
      status: 304,
      headers: { etag: headers['etag'] ?? '', 'last-modified': headers['last-modified'] ?? '' },
    };
  }
  const range = requestedRange(call, version);
  const sizeBytes = range === undefined ? version.sizeBytes : range.to - range.from + 1;
  const isWhole = range === undefined && request.headers['x-amz-checksum-mode'] === 'ENABLED';
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      ...(isWhole ? checksumHeaders(version) : {}),
      ...(range === undefined
        ? {}
        : { 'content-range': `bytes ${range.from}-${range.to}/${version.sizeBytes}` }),
      ...(version.parts && request.query.has('partNumber')
        ? { 'x-amz-mp-parts-count': String(version.parts.length) }
        : {}),
      'content-length': String(sizeBytes),
    },
    ...(withBody ? { body: await bucket.content.read(version.content, range) } : {}),
  };
}

function requestedRange({ request }: S3Call, version: ObjectVersion): ByteRange | undefined {
  const partNumber = request.query.get('partNumber');
  if (partNumber !== null) return rangeOfPart(version, Number(partNumber));
  const header = request.headers['range'];
  return header === undefined ? undefined : parseRange(header, version.sizeBytes);
}

/** Reads `bytes=a-b`, `bytes=a-` and `bytes=-n`; ignores what is no single byte range, as S3 does. Throws InvalidRange beyond the end. */
export function parseRange(header: string, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const from = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (from < sizeBytes && !(first === '' && Number(last) === 0)) return { from, to };
  throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
    RangeRequested: header,
    ActualObjectSize: sizeBytes,
  });
}

function rangeOfPart(version: ObjectVersion, partNumber: number): ByteRange | undefined {
  const parts = version.parts ?? [{ partNumber: 1, sizeBytes: version.sizeBytes }];
  const position = partNumber - 1;
  const part = parts[position];
  if (part === undefined) {
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416);
  }
  const from = parts.slice(0, position).reduce((sum, one) => sum + one.sizeBytes, 0);
  return part.sizeBytes === 0 ? undefined : { from, to: from + part.sizeBytes - 1 };
}

function overriddenHeaders(query: URLSearchParams): Record<string, string> {
  const given = Object.entries(overrides).flatMap(([parameter, header]) => {
    const value = query.get(parameter);
    return value === null ? [] : [[header, value] as const];
  });
  return Object.fromEntries(given);
}
