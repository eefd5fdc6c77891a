import { AwsError } from '../emulated-service.ts';
import type { ObjectVersion, Version } from './types.ts';

type Headers = Readonly<Record<string, string>>;

/** What the conditional headers of a read say: go on, or answer 304. */
export type ReadOutcome = 'send' | 'not-modified';

/** Decides If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since in the order of RFC 9110, 13.2.2; throws PreconditionFailed. */
export function checkRead(headers: Headers, version: ObjectVersion): ReadOutcome {
  return decide(version, {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  });
}

/** The same on the source of a copy, where a version that is not modified is a failure too. */
export function checkCopySource(headers: Headers, version: ObjectVersion): void {
  const outcome = decide(version, {
    ifMatch: headers['x-amz-copy-source-if-match'],
    ifNoneMatch: headers['x-amz-copy-source-if-none-match'],
    ifModifiedSince: headers['x-amz-copy-source-if-modified-since'],
    ifUnmodifiedSince: headers['x-amz-copy-source-if-unmodified-since'],
  });
  if (outcome === 'not-modified') throw failed('x-amz-copy-source-If-None-Match');
}

/** Decides If-None-Match: * and If-Match of a write against the current version; throws PreconditionFailed or NoSuchKey. */
export function checkWrite(headers: Headers, key: string, current: Version | undefined): void {
  const existing = current?.kind === 'object' ? current : undefined;
  if (headers['if-none-match'] !== undefined) {
    if (headers['if-none-match'] !== '*') {
      throw new AwsError(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
        501,
        {
          Header: 'If-None-Match',
        },
      );
    }
    if (existing !== undefined) throw failed('If-None-Match');
  }
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined) return;
  if (existing === undefined) {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
  if (!matches(ifMatch, existing.etag)) throw failed('If-Match');
}

interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
}

function decide(version: ObjectVersion, conditions: Conditions): ReadOutcome {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const modifiedSeconds = Math.floor(version.lastModifiedMs / 1000);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version.etag)) throw failed('If-Match');
  } else if (ifUnmodifiedSince !== undefined && modifiedSeconds > seconds(ifUnmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, version.etag) ? 'not-modified' : 'send';
  const isOld = ifModifiedSince !== undefined && modifiedSeconds <= seconds(ifModifiedSince);
  return isOld ? 'not-modified' : 'send';
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((one) => {
    const wanted = one.trim().replace(/^W\//, '').replaceAll('"', '');
    return wanted === '*' || wanted === etag;
  });
}

function seconds(date: string): number {
  return Math.floor(Date.parse(date) / 1000);
}

function failed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    {
      Condition: condition,
    },
  );
}
