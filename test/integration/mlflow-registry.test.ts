import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelAliasAt } from '#services/registry/contract.ts';
import { mlflowRoutes } from '#services/registry/mlflow/contract.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { addressesOf, type MlflowRoute } from '#shared/mlflow/route.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** MLflow's registry in a deployed stage, with tokens: every operation against a model of one's own project and of another. */
const stage = 'dev';
const platform = new RunningPlatform({ stage, assemble: assemblyOfStage(stage) });
const tokens = new Map<string, string>();
const model = 'quarry.stones';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown> & { error_code?: string; message?: string };
}

async function ask(
  caller: string,
  route: MlflowRoute,
  message: Record<string, unknown> = {},
): Promise<Answer> {
  const [address = ''] = addressesOf(route);
  const path = address.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(message[name]));
  const query = new URLSearchParams(message as Record<string, string>);
  const answer = await fetch(
    `${platform.runtime.endpoints.platformUrl}${path}${route.method === 'GET' ? `?${query}` : ''}`,
    {
      method: route.method,
      headers: { authorization: `Bearer ${tokens.get(caller)}`, 'content-type': 'application/json' },
      ...(route.method === 'GET' ? {} : { body: JSON.stringify(message) }),
    },
  );
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) as Answer['body'] };
}

const routeOf = (name: string): MlflowRoute => mlflowRoutes.find((route) => route.name.endsWith(`.${name}`))!;
const as = (caller: string, name: string, message: Record<string, unknown> = {}) =>
  ask(caller, routeOf(name), message);

beforeAll(async () => {
  await platform.start();
  const first = (await platform.invoke('identity', 'task-issue-first-token', {})) as { token: string };
  tokens.set('admin of *', first.token);
  const grants: readonly [Role, string][] = [
    ['admin', 'orchard'],
    ['client', 'quarry'],
    ['viewer', 'quarry'],
    ['scientist', 'quarry'],
    ['approver', 'quarry'],
  ];
  for (const [role, project] of grants) {
    const answer = await fetch(`${platform.runtime.endpoints.platformUrl}/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${first.token}` },
      body: JSON.stringify({ name: `${role}-of-${project}`, grants: [{ project, role }] }),
    });
    tokens.set(`${role} of ${project}`, ((await answer.json()) as { token: string }).token);
  }
  await as('scientist of quarry', 'createRegisteredModel', { name: model });
  await as('scientist of quarry', 'createModelVersion', {
    name: model,
    source: 's3://quarry/1',
    run_id: 'r1',
  });
  await as('scientist of quarry', 'setRegisteredModelAlias', { name: model, alias: 'best', version: '1' });
});
afterAll(() => platform.close());

/** What each operation is asked for about the model of quarry. */
const messages: Readonly<Record<string, Record<string, unknown>>> = {
  renameRegisteredModel: { name: model, new_name: 'orchard.stolen' },
  createModelVersion: { name: model, source: 's3://orchard/1' },
  setRegisteredModelTag: { name: model, key: 'k', value: 'v' },
  deleteRegisteredModelTag: { name: model, key: 'k' },
  setRegisteredModelAlias: { name: model, alias: 'best', version: '1' },
  deleteRegisteredModelAlias: { name: model, alias: 'best' },
  getModelVersionByAlias: { name: model, alias: 'best' },
  transitionModelVersionStage: { name: model, version: '1', stage: 'Archived' },
  setModelVersionTag: { name: model, version: '1', key: 'k', value: 'v' },
  deleteModelVersionTag: { name: model, version: '1', key: 'k' },
};
const messageFor = ({ name }: MlflowRoute) =>
  messages[name.split('.')[1]!] ??
  (name.includes('ModelVersion') ? { name: model, version: '1' } : { name: model });

/** Files of versions, whose artifacts lie elsewhere here, are asked for by mlflow-access.test.ts. */
const ofModels = mlflowRoutes.filter(
  ({ name, path }) => !path.includes('webhooks') && name !== 'getModelVersionArtifact',
);
const searches = ofModels.filter(({ path }) => path.endsWith('/search'));
const onTheModel = ofModels.filter(
  (route) => !searches.includes(route) && !route.name.endsWith('.createRegisteredModel'),
);
const named = (routes: readonly MlflowRoute[]) => routes.map((route) => [route.name, route] as const);

describe('a model of another project', () => {
  it.each(named(onTheModel))('is not there for %s', async (_name, route) => {
    for (const caller of ['admin of orchard', 'client of quarry']) {
      const { status, body } = await ask(caller, route, messageFor(route));
      expect([status, body.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    }
  });

  it.each(named(searches))('is not found by %s', async (_name, route) => {
    for (const filter of [
      '',
      `name = '${model}'`,
      "name LIKE '%'",
      ...(route.path.includes('versions') ? ["run_id = 'r1'", "source_path = 's3://quarry/1'"] : []),
    ]) {
      const { status, text } = await ask('admin of orchard', route, { filter });
      expect([status, text.includes('quarry')]).toEqual([200, false]);
      expect((await ask('viewer of quarry', route, { filter })).text).toContain(model);
    }
  });

  it('cannot be the source of a version, nor its name be taken', async () => {
    await as('admin of orchard', 'createRegisteredModel', { name: 'orchard.apples' });
    const copy = { name: 'orchard.apples', source: `models:/${model}/1` };
    expect((await as('admin of orchard', 'createModelVersion', copy)).status).toBe(404);
    const taken = await as('admin of orchard', 'createRegisteredModel', { name: model });
    expect(taken.body).toMatchObject({ error_code: 'RESOURCE_ALREADY_EXISTS' });
    const tagged = { name: 'x', tags: [{ key: 'millrace.project', value: 'quarry' }] };
    expect((await as('admin of orchard', 'createRegisteredModel', tagged)).status).toBe(403);
  });

  it('is not there for the history of its aliases', async () => {
    const path = readModelAliasAt.path.replace('{model}', model).replace('{alias}', 'best');
    const get = (caller: string) =>
      fetch(`${platform.runtime.endpoints.platformUrl}${path}`, {
        headers: { authorization: `Bearer ${tokens.get(caller)}` },
      });
    expect((await get('admin of orchard')).status).toBe(404);
    expect(await (await get('viewer of quarry')).json()).toMatchObject({
      modelVersion: 1,
      move: { movedBy: { type: 'user', id: 'scientist-of-quarry' } },
    });
  });
});

describe('a viewer', () => {
  it.each(named(onTheModel))('may ask %s if it changes nothing', async (_name, route) => {
    const { status, body } = await ask('viewer of quarry', route, messageFor(route));
    if (route.role === 'viewer') expect([status, body.error_code]).toEqual([200, undefined]);
    else expect([status, body.error_code]).toEqual([403, 'PERMISSION_DENIED']);
  });
});

describe('what serves', () => {
  it('is decided by approvers', async () => {
    await as('scientist of quarry', 'createRegisteredModel', { name: 'quarry' });
    await as('scientist of quarry', 'createModelVersion', { name: 'quarry', source: 's3://quarry/1' });
    const move = { name: 'quarry', alias: 'champion', version: '1' };
    const refused = await as('scientist of quarry', 'setRegisteredModelAlias', move);
    expect(refused.body).toMatchObject({
      error_code: 'PERMISSION_DENIED',
      message: expect.stringContaining('the role approver for the project'),
    });
    expect((await as('approver of quarry', 'setRegisteredModelAlias', move)).status).toBe(200);
    const taken = await as('scientist of quarry', 'deleteRegisteredModelAlias', move);
    expect(taken.status).toBe(403);
  });
});

describe('webhooks', () => {
  const hook = {
    name: 'hook',
    url: 'https://127.0.0.1:9/hook',
    events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
    secret: 's3cret',
  };

  it('are for admins of all projects', async () => {
    for (const caller of ['admin of orchard', 'approver of quarry'])
      for (const name of [
        'createWebhook',
        'listWebhooks',
        'getWebhook',
        'updateWebhook',
        'deleteWebhook',
        'testWebhook',
      ])
        expect(
          (await as(caller, name, { ...(name === 'createWebhook' ? hook : {}), webhook_id: 'w' })).status,
        ).toBe(403);
  });

  it('never show their secret, and lead to no private address', async () => {
    const made = await as('admin of *', 'createWebhook', hook);
    const { webhook_id } = made.body['webhook'] as { webhook_id: string };
    const seen = [
      made,
      await as('admin of *', 'listWebhooks'),
      await as('admin of *', 'getWebhook', { webhook_id }),
      await as('admin of *', 'updateWebhook', { webhook_id, description: 'd' }),
      await as('admin of *', 'testWebhook', { webhook_id }),
    ];
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(seen.map(({ text }) => text).join()).not.toContain('s3cret');
    expect(seen.at(-1)?.body['result']).toMatchObject({
      success: false,
      error_message: expect.stringContaining('no address of the public internet'),
    });
    expect((await as('admin of *', 'deleteWebhook', { webhook_id })).status).toBe(200);
    expect((await as('admin of *', 'getWebhook', { webhook_id })).status).toBe(404);
    const plain = await as('admin of *', 'createWebhook', { ...hook, url: 'http://receiver.example.org' });
    expect(plain.body).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  });
});

describe('an owner', () => {
  it('changes, copies, archives and deletes what is theirs', async () => {
    const own = 'quarry.own';
    const done = async (name: string, message: Record<string, unknown>) => {
      const { status, text, body } = await as('scientist of quarry', name, { name: own, ...message });
      expect([name, status, status === 200 ? '' : text]).toEqual([name, 200, '']);
      return body;
    };
    await done('createRegisteredModel', { tags: [{ key: 'a', value: 'b' }] });
    await done('createModelVersion', { source: `models:/${model}/1` });
    await done('createModelVersion', { source: 's3://quarry/2' });
    await done('setModelVersionTag', { version: '2', key: 'k', value: 'v' });
    await done('deleteModelVersionTag', { version: '2', key: 'k' });
    await done('updateModelVersion', { version: '2', description: 'Second.' });
    await done('setRegisteredModelTag', { key: 'k', value: 'v' });
    await done('deleteRegisteredModelTag', { key: 'k' });
    await done('updateRegisteredModel', { description: 'Ours.' });
    await done('setRegisteredModelAlias', { alias: 'best', version: '2' });
    await done('transitionModelVersionStage', { version: '1', stage: 'production' });
    await done('transitionModelVersionStage', {
      version: '2',
      stage: 'production',
      archive_existing_versions: true,
    });
    expect(await done('getLatestVersions', { stages: ['Archived'] })).toMatchObject({
      model_versions: [
        { version: '1', current_stage: 'Archived', source: `models:/${model}/1`, run_id: 'r1' },
      ],
    });
    expect(await done('getModelVersionDownloadUri', { version: '1' })).toEqual({
      artifact_uri: 's3://quarry/1',
    });
    await done('deleteModelVersion', { version: '2' });
    await done('renameRegisteredModel', { new_name: 'quarry.renamed' });
    await done('deleteRegisteredModel', { name: 'quarry.renamed' });
    expect((await as('viewer of quarry', 'getRegisteredModel', { name: own })).status).toBe(404);
  });
});
