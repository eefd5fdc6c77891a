import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../client.ts';
import { exportEvents, fileTarget, nothingToDo } from './export-events.ts';
import { eventsUrl, sendEvent } from './open-lineage-server.ts';

/** A server that takes events, and answers as it is told. */
let answers: number[] = [];
const received: { path: string | undefined; key: string | undefined; event: unknown }[] = [];
const server = createServer(async (request: IncomingMessage, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const status = answers.shift() ?? 201;
  if (status < 300)
    received.push({
      path: request.url,
      key: request.headers.authorization,
      event: JSON.parse(Buffer.concat(chunks).toString()),
    });
  response.writeHead(status).end(status < 300 ? '' : 'no such namespace');
});
let address: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  answers = [];
  received.length = 0;
});

const event = (number: number) => ({
  eventTime: '2026-01-01T00:00:00Z',
  producer: 'urn:a:b',
  schemaURL: 'x',
  number,
});
/** A platform with two pages of events. */
const client = {
  connection: {},
  call: async (_endpoint: unknown, { query }: { query?: { pageToken?: string } }) =>
    query?.pageToken ? { events: [event(3)] } : { events: [event(1), event(2)], nextPageToken: 'second' },
} as unknown as ApiClient;
const pause = async () => {};
const toServer = () => ({
  take: async (events: readonly unknown[]) => {
    for (const one of events) await sendEvent(eventsUrl(address), one, { apiKey: 'secret', pause });
  },
  finish: nothingToDo,
  abandon: nothingToDo,
});
const newFile = () => join(mkdtempSync(join(tmpdir(), 'millrace-export-')), 'events.ndjson');

describe('an export of events', () => {
  it('is a file with one event a line', async () => {
    const path = newFile();
    const counts: number[] = [];
    await exportEvents(client, 'tumour', {
      targets: [await fileTarget(path)],
      onPage: (n) => counts.push(n),
    });
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual([1, 2, 3]);
    expect(counts).toEqual([2, 3]);
  });

  it('is sent in order, with the key, and again where the server is busy', async () => {
    answers = [201, 503, 429, 201];
    expect(await exportEvents(client, 'tumour', { targets: [toServer()], onPage: () => {} })).toBe(3);
    expect(received.map(({ event: sent }) => (sent as { number: number }).number)).toEqual([1, 2, 3]);
    expect(received[0]).toMatchObject({ path: '/api/v1/lineage', key: 'Bearer secret' });
  });

  it('stops at a refusal with the server’s words, says how to go on, and leaves no half a file', async () => {
    const path = newFile();
    answers = [201, 201, 400];
    const stopped = exportEvents(client, 'tumour', {
      targets: [await fileTarget(path), toServer()],
      onPage: () => {},
    });
    await expect(stopped).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('it answers 400 no such namespace'),
      details: [
        expect.stringContaining(
          '2 events were through before the page in which it stopped. Go on with --from second',
        ),
      ],
    });
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
    received.length = 0;
    await exportEvents(client, 'tumour', { targets: [toServer()], from: 'second', onPage: () => {} });
    expect(received).toHaveLength(1);
  });

  it('gives up on a server that stays busy, and on one that is not there', async () => {
    answers = [503, 503, 503, 503, 503];
    await expect(sendEvent(eventsUrl(address), event(1), { pause })).rejects.toMatchObject({ exitCode: 3 });
    expect(answers).toEqual([]);
    const nobody = eventsUrl('http://127.0.0.1:1');
    await expect(sendEvent(nobody, event(1), { pause })).rejects.toMatchObject({ exitCode: 3 });
  });

  it('is sent to the path of the address where it has one', () => {
    expect(eventsUrl('https://lineage.example/v2/events').pathname).toBe('/v2/events');
    expect(() => eventsUrl('lineage.example')).toThrow("'lineage.example' is no address to send to");
  });
});
