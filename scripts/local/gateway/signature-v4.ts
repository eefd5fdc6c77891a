import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureClaim } from './credential-scope.ts';
import type { HttpHead } from './http-request.ts';

/**
 * The signature that the request should carry, by Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html).
 * `payloadHash` is the last line of the canonical request: a hash in hex, or one of S3's words such as UNSIGNED-PAYLOAD.
 */
export function expectedSignature(
  head: HttpHead,
  claim: SignatureClaim,
  amzDate: string,
  payloadHash: string,
  secretAccessKey: string,
): string {
  const { date, region, signingName } = claim.scope;
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    amzDate,
    `${date}/${region}/${signingName}/aws4_request`,
    sha256Hex(canonicalRequest(head, claim, payloadHash)),
  ].join('\n');
  return hmac(signingKey(secretAccessKey, date, region, signingName), stringToSign).toString('hex');
}

/** Compares signatures without telling by time where they differ. */
export function signaturesEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Lower-case hex SHA-256. */
export function sha256Hex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The canonical request; exported so that a mismatch can be explained in the log. */
export function canonicalRequest(head: HttpHead, claim: SignatureClaim, payloadHash: string): string {
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${(head.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  return [
    head.method,
    canonicalPath(head.rawPath, claim.scope.signingName),
    canonicalQuery(head.rawQuery),
    headers.join(''),
    claim.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** S3 signs the path as it is sent; every other service signs it encoded once more, with dot segments removed. */
function canonicalPath(rawPath: string, signingName: string): string {
  if (signingName === 's3') return rawPath;
  const segments: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encodeStrict(segment));
  }
  const trailing = segments.length > 0 && rawPath.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${trailing}`;
}

function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return '';
  const pairs: [string, string][] = [];
  for (const part of rawQuery.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (name === 'X-Amz-Signature') continue;
    pairs.push([encodeStrict(name), encodeStrict(equals < 0 ? '' : decode(part.slice(equals + 1)))]);
  }
  const byNameThenValue = (a: [string, string], b: [string, string]) =>
    compare(a[0], b[0]) || compare(a[1], b[1]);
  return pairs
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 3986: everything but unreserved characters is encoded. */
function encodeStrict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Deriving a key takes four HMACs; a day's keys are few (roles x services), so they are kept. */
const signingKeys = new Map<string, Buffer>();

function signingKey(secret: string, date: string, region: string, signingName: string): Buffer {
  const id = `${secret}/${date}/${region}/${signingName}`;
  const known = signingKeys.get(id);
  if (known !== undefined) return known;
  if (signingKeys.size > 2000) signingKeys.clear();
  const key = [date, region, signingName, 'aws4_request'].reduce<Buffer>(
    (parent, part) => hmac(parent, part),
    Buffer.from(`AWS4${secret}`),
  );
  signingKeys.set(id, key);
  return key;
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
