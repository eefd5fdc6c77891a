import { gunzipSync } from 'node:zlib';
import type { AwsRequest } from '../emulated-service.ts';

/** Headers that service models speak of, besides those that begin with `x-amz-` or `x-amzn-`. */
const standardHeaders = new Set([
  'accept',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'expires',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
]);

/** Of the signature, and of the client itself: no model speaks of them. The first are secret, like keys that a client brings to have an object encrypted with. */
const leftOut =
  /^(x-amz-(signature|credential|security-token|date|algorithm|expires|signedheaders|content-sha256)|x-amz-user-agent|x-amzn-trace-id|.*customer-key.*)$/;

/** The headers that a model can say something about. */
export function recordedHeaders({ headers }: AwsRequest): Record<string, string> {
  const speaking = Object.entries(headers).filter(
    ([name]) => (standardHeaders.has(name) || /^x-amzn?-/.test(name)) && !leftOut.test(name),
  );
  return Object.fromEntries(speaking);
}

/** The query without what a presigned address adds to it. */
export const recordedQuery = ({ query }: AwsRequest): [string, string][] =>
  [...query].filter(([name]) => !leftOut.test(name.toLowerCase()));

/** The parameters in the body; undefined where the body is content: of an object, or of what a function or a model is asked. */
export async function recordedBody(request: AwsRequest): Promise<unknown> {
  if (isContent(request)) return undefined;
  const bytes = await request.bytes();
  if (bytes.length === 0) return undefined;
  const text = unzipped(request, bytes).toString('utf8');
  if (request.signingName === 's3') return text;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  return withoutSecrets(request, parsed(text));
}

/** Of S3, what is written without naming a sub-resource, or as a part of an upload; of REST services, what is invoked with. */
function isContent({ signingName, method, rawPath, query }: AwsRequest): boolean {
  if (signingName !== 's3') return /[/-](invocations(-response-stream)?|invoke-async)\/?$/.test(rawPath);
  if (method !== 'PUT' && method !== 'POST') return true;
  const names = [...query.keys()].filter((name) => name !== 'x-id' && !/^x-amz-/i.test(name));
  return names.length === 0 || (method === 'PUT' && names.includes('partNumber'));
}

/** What cannot be read is kept as it came, here and below: for the service to refuse, and for the comparison to find. */
function unzipped({ headers }: AwsRequest, bytes: Buffer): Buffer {
  if (headers['content-encoding'] !== 'gzip') return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value of an API key is as good as the key: as many asterisks stand for it. */
function withoutSecrets({ signingName, rawPath }: AwsRequest, body: unknown): unknown {
  if (signingName !== 'apigateway' || !rawPath.endsWith('/apikeys')) return body;
  if (typeof body !== 'object' || body === null || !('value' in body)) return body;
  return { ...body, value: '*'.repeat(String(body.value).length) };
}
