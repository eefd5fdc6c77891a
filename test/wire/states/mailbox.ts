import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** What the function shall do: return a value, or fail with an error. */
export type Told = { readonly value?: unknown } | { readonly error: string; readonly message: string };
export type Handler = (payload: never) => Told | Promise<Told>;

/** Where the function asks what it shall do. */
export interface Mailbox {
  /** An address whose callers are told what the handler says. */
  address(handler: Handler): string;
  close(): void;
}

/** Opens a mailbox on a free loopback port. */
export async function openMailbox(): Promise<Mailbox> {
  const handlers = new Map<string, Handler>();
  const server = createServer((request, response) => {
    const handler = handlers.get(request.url ?? '');
    const told = json(request).then((payload) => handler?.(payload as never) ?? { value: null });
    told.then(
      (answer) => response.end(JSON.stringify(answer)),
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    address: (handler) => {
      const path = `/${randomUUID()}`;
      handlers.set(path, handler);
      return `http://127.0.0.1:${port}${path}`;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
