import { describe, expect, it } from 'vitest';
import { readSignatureClaim } from './credential-scope.ts';
import type { HttpHead } from './http-request.ts';
import { canonicalRequest, expectedSignature, sha256Hex } from './signature-v4.ts';

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function head(method: string, url: string, headers: Record<string, string>): HttpHead {
  const [rawPath = '', rawQuery = ''] = url.split('?');
  return { requestId: 'r', method, rawPath, rawQuery, query: new URLSearchParams(rawQuery), headers };
}

function signature(request: HttpHead, date: string, payloadHash: string, secret: string) {
  const claim = readSignatureClaim(request);
  if (claim === undefined) throw new Error('no claim');
  return { claim, computed: expectedSignature(request, claim, date, payloadHash, secret) };
}

describe('expectedSignature', () => {
  /** Examples published in "Signature Calculations for the Authorization Header" and "Authenticating Requests: Using Query Parameters" of the S3 API reference. */
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const date = '20130524T000000Z';
  const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

  it.each([
    [
      'GET an object with a range',
      head('GET', '/test.txt', {
        host: 'examplebucket.s3.amazonaws.com',
        range: 'bytes=0-9',
        'x-amz-content-sha256': emptyHash,
        'x-amz-date': date,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`,
      }),
      emptyHash,
    ],
    [
      'PUT an object whose key has a dollar sign',
      head('PUT', '/test%24file.text', {
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        host: 'examplebucket.s3.amazonaws.com',
        'x-amz-content-sha256': sha256Hex('Welcome to Amazon S3.'),
        'x-amz-date': date,
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd`,
      }),
      sha256Hex('Welcome to Amazon S3.'),
    ],
    [
      'GET a sub-resource without value',
      head('GET', '/?lifecycle', {
        host: 'examplebucket.s3.amazonaws.com',
        'x-amz-content-sha256': emptyHash,
        'x-amz-date': date,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543`,
      }),
      emptyHash,
    ],
    [
      'list with parameters',
      head('GET', '/?prefix=J&max-keys=2', {
        host: 'examplebucket.s3.amazonaws.com',
        'x-amz-content-sha256': emptyHash,
        'x-amz-date': date,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7`,
      }),
      emptyHash,
    ],
    [
      'a presigned URL',
      head(
        'GET',
        `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(scope)}&X-Amz-Date=${date}&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
        { host: 'examplebucket.s3.amazonaws.com' },
      ),
      'UNSIGNED-PAYLOAD',
    ],
  ])('agrees with the published example: %s', (_what, request, payloadHash) => {
    const { claim, computed } = signature(request, date, payloadHash, secret);
    expect(computed).toBe(claim.signature);
  });

  it('encodes the path twice and removes dot segments for services other than S3', () => {
    const request = head('GET', '/a%20b/./c/../d', {
      host: 'h',
      authorization:
        'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=x',
    });
    const claim = readSignatureClaim(request);
    expect(claim && canonicalRequest(request, claim, emptyHash).split('\n')[1]).toBe('/a%2520b/d');
  });
});

describe('readSignatureClaim', () => {
  it.each([
    ['no authorization', {}],
    ['another scheme', { authorization: 'Bearer x' }],
    [
      'a scope without its end',
      {
        authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3, SignedHeaders=host, Signature=x',
      },
    ],
    [
      'no signature',
      {
        authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, SignedHeaders=host',
      },
    ],
  ])('finds none in a request with %s', (_what, headers) => {
    expect(readSignatureClaim(head('GET', '/', headers as Record<string, string>))).toBeUndefined();
  });
});
