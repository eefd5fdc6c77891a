import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AwsResponse } from '../emulated-service.ts';
import { type HttpHead, readHead } from './http-request.ts';

/** Answers one request; must not reject. */
export type HttpHandler = (head: HttpHead, body: IncomingMessage) => Promise<AwsResponse>;

/** A listening loopback server. */
export interface HttpListener {
  readonly url: string;
  readonly port: number;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
}

/**
 * Serves HTTP on 127.0.0.1 only. Port 0 takes any free port. Rejects with the error of `listen` (EADDRINUSE) when the port is taken.
 * Connections are kept alive longer than the SDK's idle sockets live, so that a reused socket is never closed under a request.
 */
export async function listenOnLoopback(port: number, handler: HttpHandler): Promise<HttpListener> {
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveTimeout: 65_000 });
  server.requestTimeout = 0;
  server.on('request', (incoming, outgoing) => {
    const head = readHead(incoming);
    handler(head, incoming)
      .then((response) => writeResponse(head, response, incoming, outgoing))
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const actualPort = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${actualPort}`,
    port: actualPort,
    close: () => closeServer(server),
  };
}

async function writeResponse(
  head: HttpHead,
  response: AwsResponse,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { body } = response;
  const headers: Record<string, string | number> = {
    'x-amzn-requestid': head.requestId,
    'x-amz-request-id': head.requestId,
    ...response.headers,
  };
  // A body that nobody read would be taken for the next request on this connection.
  if (!incoming.readableEnded && !incoming.complete) headers['connection'] = 'close';
  if (body instanceof Readable) {
    outgoing.writeHead(response.status, headers);
    await pipeline(body, outgoing);
    return;
  }
  const mayHaveBody = response.status !== 204 && response.status !== 304 && head.method !== 'HEAD';
  if (mayHaveBody) headers['content-length'] = Buffer.byteLength(body ?? '');
  outgoing.writeHead(response.status, headers);
  outgoing.end(mayHaveBody ? body : undefined);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
