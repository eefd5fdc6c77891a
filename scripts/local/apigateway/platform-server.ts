import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type GatewayAnswer, type GatewayRequest, jsonAnswer, requestTooLarge } from './gateway-message.ts';

/** Largest request body in bytes (API Gateway quota 10 MB). */
const maxBodyBytes = 10 * 1024 * 1024;

/** Whether a Host header names this machine. Anything else is a page elsewhere that made its own name point here (DNS rebinding). */
export function isLoopbackHost(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '').toLowerCase();
  return (
    name === 'localhost' ||
    name?.endsWith('.localhost') === true ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name ?? '')
  );
}

/** The HTTP server of the platform port; bound to 127.0.0.1. */
export class PlatformServer {
  readonly #server: Server;

  constructor(answer: (request: GatewayRequest) => Promise<GatewayAnswer>, now: () => number) {
    this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveTimeout: 65_000 });
    this.#server.requestTimeout = 0;
    this.#server.on('request', (incoming, outgoing) => {
      respond(incoming, outgoing, answer, now).catch(() => outgoing.destroy());
    });
  }

  /** @throws Error naming the port and the cure when it is in use */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const inUse = cause.code === 'EADDRINUSE';
        const message = `Port ${port} is in use. Stop what uses it, or choose another with --port.`;
        reject(inUse ? new Error(message, { cause }) : cause);
      });
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** The port listened on. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: GatewayRequest) => Promise<GatewayAnswer>,
  now: () => number,
): Promise<void> {
  if (!isLoopbackHost(incoming.headers.host)) {
    const message = `Host ${incoming.headers.host ?? '(none)'} is not this machine. Call 127.0.0.1 or localhost.`;
    return write(incoming, outgoing, jsonAnswer(403, { message }));
  }
  const body = await readBody(incoming);
  if (body === 'too large') {
    return write(incoming, outgoing, requestTooLarge());
  }
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (!isDecodable(path)) return write(incoming, outgoing, jsonAnswer(400, { message: 'Bad Request' }));
  const request: GatewayRequest = {
    requestId: randomUUID(),
    method: incoming.method ?? 'GET',
    path,
    rawQuery: mark < 0 ? '' : url.slice(mark + 1),
    headers: headersOf(incoming),
    body,
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
    receivedAtMs: now(),
  };
  write(incoming, outgoing, await answer(request));
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) return 'too large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The sender's headers, and those that API Gateway adds. */
function headersOf(incoming: IncomingMessage): GatewayRequest['headers'] {
  const headers: [string, string][] = [];
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.push([incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '']);
  }
  headers.push(['X-Forwarded-For', incoming.socket.remoteAddress ?? '127.0.0.1']);
  headers.push(['X-Forwarded-Proto', 'http']);
  headers.push(['X-Forwarded-Port', String(incoming.socket.localPort ?? '')]);
  return headers;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function write(incoming: IncomingMessage, outgoing: ServerResponse, answer: GatewayAnswer): void {
  const headers = new Map<string, string[]>();
  for (const [name, value] of answer.headers) {
    const key = name.toLowerCase();
    // Length and transfer are those of this connection, whatever a function says.
    if (key === 'content-length' || key === 'transfer-encoding' || key === 'connection') continue;
    headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  for (const [name, values] of headers)
    outgoing.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  // A body that was not read to its end would be taken for the next request.
  if (!incoming.complete) outgoing.setHeader('connection', 'close');
  const isBodiless = incoming.method === 'HEAD' || answer.status === 204 || answer.status === 304;
  if (!isBodiless) outgoing.setHeader('content-length', Buffer.byteLength(answer.body));
  outgoing.writeHead(answer.status);
  outgoing.end(isBodiless ? undefined : answer.body);
}
