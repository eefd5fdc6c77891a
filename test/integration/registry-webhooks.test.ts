import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningPlatform } from './running-platform.ts';

/** The registry as MLflow's clients use it, and what webhooks are told of that: by HTTP, under the deployed roles. */
const platform = new RunningPlatform();
const told: { readonly signature: unknown; readonly entity: string; readonly action: string }[] = [];
let receiver: Server;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

beforeAll(async () => {
  await platform.start();
  receiver = createServer(async (request, response) => {
    const { entity, action } = JSON.parse(await textOf(request)) as { entity: string; action: string };
    told.push({ signature: request.headers['x-mlflow-signature'], entity, action });
    response.end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  receiver.close();
  await platform.close();
});

type Fields = Readonly<Record<string, unknown>>;

async function ask(method: string, path: string, message: Readonly<Record<string, string>> | Fields) {
  const query = method === 'GET' ? `?${new URLSearchParams(message as Record<string, string>)}` : '';
  const answer = await fetch(`${platform.runtime.endpoints.platformUrl}/api/2.0/mlflow/${path}${query}`, {
    method,
    ...(method === 'GET' ? {} : { body: JSON.stringify(message) }),
  });
  const body = (await answer.json()) as Fields;
  if (answer.status !== 200) throw new Error(`${method} ${path} answers ${JSON.stringify(body)}`);
  return body;
}

it('tells a webhook, with a signature, of versions and aliases while they come and go', async () => {
  const name = 'apples';
  const { webhook } = await ask('POST', 'webhooks', {
    name: 'ours',
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
    secret: 'a secret of the receiver',
    events: [
      { entity: 'REGISTERED_MODEL', action: 'CREATED' },
      { entity: 'MODEL_VERSION_ALIAS', action: 'CREATED' },
      { entity: 'MODEL_VERSION_ALIAS', action: 'DELETED' },
    ],
  });
  await ask('POST', 'registered-models/create', { name });
  await ask('POST', 'model-versions/create', { name, source: 's3://elsewhere/1' });
  await ask('POST', 'registered-models/alias', { name, alias: 'best', version: '1' });
  expect(await ask('GET', 'model-versions/search', { filter: `name LIKE 'app%'` })).toMatchObject({
    model_versions: [{ name, version: '1' }],
  });
  expect(await ask('GET', 'registered-models/get', { name })).toMatchObject({
    registered_model: { aliases: [{ alias: 'best', version: '1' }] },
  });
  await ask('DELETE', 'registered-models/alias', { name, alias: 'best' });
  for (let waited = 0; told.length < 3 && waited < 20_000; waited += 100) await sleep(100);
  expect(told.map(({ entity, action }) => `${entity} ${action}`).sort()).toEqual([
    'model_version_alias created',
    'model_version_alias deleted',
    'registered_model created',
  ]);
  expect(told.filter(({ signature }) => !/^v1,/.test(String(signature)))).toEqual([]);
  const { webhook_id: webhookId } = webhook as { webhook_id: string };
  await ask('DELETE', `webhooks/${webhookId}`, {});
  await ask('DELETE', 'registered-models/delete', { name });
  expect(await ask('GET', 'registered-models/search', {})).toEqual({ registered_models: [] });
});
