import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Largest answer of a synchronous invocation in bytes (Lambda quota: 6 MB, measured as 6,291,556 by the service). */
export const maxResponseBytes = 6_291_556;

/** One invocation as the runtime API hands it to a sandbox. */
export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string | Buffer;
  readonly invokedArn: string;
  readonly executedVersion: string;
  readonly traceId: string;
  /** JSON text of the mobile-SDK client context, where the caller sent one. */
  readonly clientContext?: string;
}

/** How an invocation ended. `body` is JSON text: the answer, or `{ errorType, errorMessage }`. */
export interface Outcome {
  readonly body: Buffer;
  readonly failed: boolean;
  readonly durationMs: number;
  /** Only for the invocation that started the sandbox. */
  readonly initDurationMs?: number;
  readonly maxMemoryUsedBytes: number;
}

/** What a sandbox hears from the process inside it. */
export interface RuntimeApiPeer {
  /** The process asks for work; the peer calls `deliver` when there is some. */
  onNext(deliver: (invocation: Invocation, deadlineMs: number) => void): void;
  onResponse(requestId: string, body: Buffer): void;
  onError(requestId: string, body: Buffer): void;
  onInitError(body: Buffer): void;
  /** Resident memory that the process reported with a call. */
  onMemory(rssBytes: number): void;
}

/** With this header a client asks that the answer to its result is the next invocation: one exchange for each instead of two. */
const takesNextHeader = 'x-millrace-takes-next';

/**
 * The Lambda Runtime API for all sandboxes: one loopback server, in which each sandbox has a path that only it knows.
 * The path is the sandbox's AWS_LAMBDA_RUNTIME_API, so any client of the real API works.
 */
export class RuntimeApi {
  readonly #peers = new Map<string, RuntimeApiPeer>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer({ noDelay: true, keepAlive: true }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 0;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  /** `host:port/<token>`, the value of AWS_LAMBDA_RUNTIME_API. */
  attach(token: string, peer: RuntimeApiPeer): string {
    this.#peers.set(token, peer);
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}/${token}`;
  }

  detach(token: string): void {
    this.#peers.delete(token);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = '', , , area, ...rest] = (request.url ?? '').split('/');
    const peer = this.#peers.get(token);
    if (peer === undefined) return answer(response, 403, 'InvalidSandbox');
    const rssBytes = Number(request.headers['x-millrace-rss-bytes']);
    if (rssBytes > 0) peer.onMemory(rssBytes);
    const awaitNext = () =>
      peer.onNext((invocation, deadlineMs) => writeInvocation(response, invocation, deadlineMs));
    if (request.method === 'GET' && area === 'invocation' && rest[0] === 'next') return awaitNext();
    const body = await readBody(request);
    if (area === 'init') peer.onInitError(body);
    else if (rest[1] === 'response') peer.onResponse(rest[0] ?? '', body);
    else if (rest[1] === 'error') peer.onError(rest[0] ?? '', body);
    else return answer(response, 404, 'UnknownOperation');
    if (request.headers[takesNextHeader] !== undefined) return awaitNext();
    response.writeHead(202, { 'content-length': 0 }).end();
  }
}

function answer(response: ServerResponse, status: number, errorType: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ errorType }));
}

function writeInvocation(response: ServerResponse, invocation: Invocation, deadlineMs: number): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(invocation.payload),
    'lambda-runtime-aws-request-id': invocation.requestId,
    'lambda-runtime-deadline-ms': deadlineMs,
    'lambda-runtime-invoked-function-arn': invocation.invokedArn,
    'lambda-runtime-trace-id': invocation.traceId,
    ...(invocation.clientContext !== undefined && {
      'lambda-runtime-client-context': invocation.clientContext,
    }),
  });
  response.end(invocation.payload);
}

/** Keeps at most one byte more than an answer may have, enough to see that it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (sizeBytes <= maxResponseBytes) chunks.push(chunk);
    sizeBytes += chunk.length;
  }
  return Buffer.concat(chunks);
}
