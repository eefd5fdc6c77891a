import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { AwsError, type AwsRequest, type Principal } from '../emulated-service.ts';

/** No AWS JSON or query operation that is imitated takes a larger body; S3 streams and has its own limits. */
export const maxBufferedBytes = 64 * 1024 * 1024;

/** The request line and headers of one HTTP request, decoded as far as routing and signature checks need it. */
export interface HttpHead {
  readonly requestId: string;
  readonly method: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

/** Decodes everything but the body. */
export function readHead(incoming: IncomingMessage): HttpHead {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const rawQuery = mark < 0 ? '' : url.slice(mark + 1);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    requestId: randomUUID(),
    method: incoming.method ?? 'GET',
    rawPath: mark < 0 ? url : url.slice(0, mark),
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers,
  };
}

/**
 * The request that a service sees. `bytes()` and `stream` draw from the same body: whoever reads first reads it once,
 * and a stream asked for after `bytes()` replays what was kept.
 */
export function toAwsRequest(
  head: HttpHead,
  body: Readable,
  principal: Principal,
  signingName: string,
): AwsRequest {
  let kept: Promise<Buffer> | undefined;
  let buffered: Buffer | undefined;
  return {
    requestId: head.requestId,
    method: head.method,
    rawPath: head.rawPath,
    query: head.query,
    headers: head.headers,
    principal,
    signingName,
    get stream(): Readable {
      return buffered === undefined ? body : Readable.from(buffered.length === 0 ? [] : [buffered]);
    },
    bytes(): Promise<Buffer> {
      kept ??= readAll(body).then((bytes) => {
        buffered = bytes;
        return bytes;
      });
      return kept;
    },
  };
}

async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBufferedBytes) {
      throw new AwsError(
        'RequestEntityTooLargeException',
        `Request must be smaller than ${maxBufferedBytes} bytes for this operation`,
        413,
      );
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, sizeBytes);
}
