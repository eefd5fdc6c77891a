import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { createWebhookSender } from './webhook-sender.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A receiver that keeps what it gets. */
async function receiver(status: number, headers: Record<string, string> = {}, body = 'ok') {
  const got: { request: IncomingMessage; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ request, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/hook?a=1`, got };
}

const message = (url: string) => ({ url, deliveryId: 'd-1', body: '{"a":"ä"}', secret: 's3cret' });
const open = createWebhookSender(systemClock, true);
const guarded = createWebhookSender(systemClock, false);

describe('sending a delivery', () => {
  it('posts the signed body and says what the receiver answered', async () => {
    const { url, got } = await receiver(202, {}, 'x'.repeat(5000));
    const outcome = await open.send(message(url));
    expect(outcome).toEqual({ kind: 'answered', status: 202, body: 'x'.repeat(2000) });
    const [{ request, body } = { request: undefined, body: '' }] = got;
    expect([request?.method, request?.url, body]).toEqual(['POST', '/hook?a=1', '{"a":"ä"}']);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-mlflow-delivery-id': 'd-1',
      'x-mlflow-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
    expect(Math.abs(Number(request?.headers['x-mlflow-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('follows no redirection', async () => {
    const target = await receiver(200);
    const { url } = await receiver(307, { location: target.url });
    expect(await open.send(message(url))).toMatchObject({ kind: 'answered', status: 307 });
    expect(target.got).toEqual([]);
  });

  it('says so where nobody listens', async () => {
    const { url } = await receiver(200);
    for (const server of servers.splice(0)) server.close();
    expect(await open.send(message(url))).toEqual({
      kind: 'unreachable',
      reason: 'The receiver cannot be reached (ECONNREFUSED).',
    });
  });

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433'])(
    'makes no connection to %s, but on the laptop',
    async (host) => {
      const { port, got } = await receiver(200);
      const outcome = await guarded.send(message(`http://${host}:${port}/`));
      expect(outcome).toMatchObject({
        kind: 'unreachable',
        reason: expect.stringMatching(/which is no address of the public internet/),
      });
      expect(got).toEqual([]);
    },
  );
});
