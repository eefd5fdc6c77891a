import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningPlatform } from './running-platform.ts';

/** Webhooks from a client's change to a receiver on this machine. */
const platform = new RunningPlatform();
const secret = 'a secret that signs';
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
/** What the receiver answers next; then 200. */
const answers: number[] = [];
let webhookId: string;
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
  response.writeHead(answers.shift() ?? 200).end();
});

const deliveriesOf = (entity: string, action: string) =>
  received
    .map(({ headers, body }) => ({ headers, body, told: JSON.parse(body) as Record<string, unknown> }))
    .filter(({ told }) => told['entity'] === entity && told['action'] === action);

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  await platform.start();
  const { webhook } = await platform.mlflow('POST', 'webhooks', {
    name: 'receiver',
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
    events: [
      { entity: 'REGISTERED_MODEL', action: 'CREATED' },
      { entity: 'MODEL_VERSION_ALIAS', action: 'CREATED' },
      { entity: 'MODEL_VERSION_ALIAS', action: 'DELETED' },
    ],
    secret,
  });
  ({ webhook_id: webhookId } = webhook as { webhook_id: string });
});
afterAll(async () => {
  receiver.close();
  await platform.close();
});

describe('a webhook', () => {
  it('is told of what it asked for, signed with its secret', async () => {
    await platform.mlflow('POST', 'registered-models/create', {
      name: 'lines',
      description: 'Straight ones.',
    });
    const [delivery] = await platform.eventually('the delivery', async () => {
      const found = deliveriesOf('registered_model', 'created');
      return found.length > 0 ? found : undefined;
    });
    const { headers, body, told } = delivery!;
    expect(told['data']).toMatchObject({ name: 'lines', description: 'Straight ones.' });
    const signed = `${headers['x-mlflow-delivery-id']}.${headers['x-mlflow-timestamp']}.${body}`;
    expect(headers['x-mlflow-signature']).toBe(
      `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    );
    expect(body).not.toContain(secret);
  });

  it('is told again where its receiver was not well, by the same delivery id', async () => {
    answers.push(503);
    await platform.mlflow('POST', 'registered-models/create', { name: 'circles' });
    const [first, second] = await platform.eventually('the second try', async () => {
      const found = deliveriesOf('registered_model', 'created').filter(({ body }) =>
        body.includes('circles'),
      );
      return found.length > 1 ? found : undefined;
    });
    expect(second!.headers['x-mlflow-delivery-id']).toBe(first!.headers['x-mlflow-delivery-id']);
    expect(second!.body).toBe(first!.body);
  });

  it('is told nothing that it did not ask for', async () => {
    await platform.mlflow('POST', 'model-versions/create', { name: 'lines', source: 's3://elsewhere/1' });
    await platform.mlflow('POST', 'registered-models/alias', {
      name: 'lines',
      alias: 'straight',
      version: '1',
    });
    await platform.eventually('the delivery of the alias, which came later', async () =>
      deliveriesOf('model_version_alias', 'created').find(({ body }) => body.includes('straight')),
    );
    expect(deliveriesOf('model_version', 'created')).toEqual([]);
  });

  it('is told of an alias that goes, and of nothing once it is gone itself', async () => {
    const alias = { name: 'lines', alias: 'straight' };
    await platform.mlflow('DELETE', 'registered-models/alias', alias);
    await platform.eventually('the delivery of the alias that went', async () =>
      deliveriesOf('model_version_alias', 'deleted').find(({ body }) => body.includes('straight')),
    );
    await platform.mlflow('DELETE', `webhooks/${webhookId}`, {});
    await platform.mlflow('DELETE', 'registered-models/delete', { name: 'lines' });
    await expect(platform.mlflow('DELETE', `webhooks/${webhookId}`, {})).rejects.toThrow(
      'RESOURCE_DOES_NOT_EXIST',
    );
  });
});
