import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { AwsRequest, AwsResponse, RuntimeContext, S3Api } from '../emulated-service.ts';
import type { Buckets } from './buckets.ts';

/** What other parts of the runtime may do with S3; goes through the same operations as the wire, with all their consequences. */
export function createS3Api(
  context: RuntimeContext,
  buckets: Buckets,
  handle: (request: AwsRequest) => Promise<AwsResponse>,
): S3Api {
  const read = async (bucket: string, key: string) => await handle(ownRequest(context, 'GET', bucket, key));
  return {
    async getObject(bucket, key) {
      const { headers, body } = await read(bucket, key);
      const bytes = body instanceof Readable ? await buffer(body) : Buffer.alloc(0);
      return { body: bytes, ...identityOf(headers) };
    },
    async putObject(bucket, key, body, contentType) {
      const headers = contentType === undefined ? {} : { 'content-type': contentType };
      return identityOf((await handle(ownRequest(context, 'PUT', bucket, key, body, headers))).headers);
    },
    async readObject(bucket, key) {
      const { body } = await read(bucket, key);
      return body instanceof Readable ? body : Readable.from([]);
    },
    async writeObject(bucket, key, body) {
      await handle({ ...ownRequest(context, 'PUT', bucket, key), stream: body, bytes: () => buffer(body) });
    },
    async listKeys(bucketName, prefix) {
      const bucket = buckets.get(bucketName);
      return [...bucket.keys.from('', prefix)].filter((key) => bucket.current(key)?.kind === 'object');
    },
  };
}

function ownRequest(
  context: RuntimeContext,
  method: 'GET' | 'PUT',
  bucket: string,
  key: string,
  body: Buffer = Buffer.alloc(0),
  headers: Readonly<Record<string, string>> = {},
): AwsRequest {
  return {
    requestId: randomUUID(),
    method,
    rawPath: `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    query: new URLSearchParams(),
    headers,
    stream: Readable.from(body.length === 0 ? [] : [body]),
    bytes: async () => body,
    principal: { kind: 'operator', arn: `arn:aws:iam::${context.accountId}:root` },
    signingName: 's3',
  };
}

function identityOf(headers: AwsResponse['headers'] = {}): { etag: string; versionId?: string } {
  const versionId = headers['x-amz-version-id'];
  const etag = (headers['etag'] ?? '').replaceAll('"', '');
  return versionId === undefined ? { etag } : { etag, versionId };
}
