import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const ask = async (
  path: string,
  init: { token?: string; as?: string; method?: string; body?: unknown } = {},
) => {
  const answer = await fetch(`${platform.runtime.endpoints.platformUrl}${path}`, {
    method: init.method ?? 'GET',
    headers: {
      ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }),
      ...(init.as === undefined ? {} : { 'x-millrace-as': init.as }),
      'content-type': 'application/json',
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const issue = async (role: string, project = 'wine') => {
  const { body } = await ask('/v1/tokens', {
    method: 'POST',
    body: { name: `${role}-token`, grants: [{ project, role }] },
  });
  return body as { token: string; tokenId: string };
};
const predict = (token: string) =>
  ask('/v1/projects/wine/predictions', { method: 'POST', token, body: { instances: [{}] } });

beforeAll(() => platform.start());
afterAll(() => platform.close());

describe('in stage local', () => {
  it('a request without a token is the local admin, or whom it names', async () => {
    expect((await ask('/v1/me')).body).toEqual({
      id: 'local',
      grants: [{ project: '*', role: 'admin' }],
      stage: 'local',
    });
    expect((await ask('/v1/me', { as: 'grace' })).body['id']).toBe('grace');
    expect((await ask('/v1/me', { as: 'no name!' })).status).toBe(403);
  });

  it('a page elsewhere cannot use that nobody is asked for a token', async () => {
    const { platformUrl } = platform.runtime.endpoints;
    const from = async (origin: string) => {
      const init = { method: 'POST', headers: { origin }, body: '{}' };
      const [onPlatform, onPrediction] = await Promise.all([
        fetch(`${platformUrl}/v1/tokens`, init),
        fetch(`${platformUrl}/v1/projects/wine/predictions`, init),
      ]);
      return [onPlatform.status, onPrediction.status];
    };
    expect(await from('https://evil.example')).toEqual([403, 401]);
    expect(await from('http://127.0.0.1:1')).toEqual([403, 401]);
    expect(await from('null')).toEqual([403, 401]);
    expect(await from(new URL(platformUrl).origin)).toEqual([400, 400]);
  });

  it('a wrong token is refused: it is not the same as none', async () => {
    expect((await ask('/v1/me', { token: 'mlr_x_y' })).status).toBe(403);
    expect((await predict('mlr_x_y')).status).toBe(401);
  });
});

describe('a token', () => {
  it('gives its grants and nothing more', async () => {
    const { token } = await issue('viewer');
    expect((await ask('/v1/me', { token })).body).toMatchObject({
      grants: [{ project: 'wine', role: 'viewer' }],
    });
    const listing = await ask('/v1/tokens', { token });
    expect([listing.status, listing.body['code']]).toEqual([403, 'RoleMissing']);
  });

  it('passes the prediction API, whose usage plan has a key for it', async () => {
    const { token } = await issue('client');
    const { status, body } = await predict(token);
    expect([status, body['type']]).toEqual([404, expect.stringContaining('urn:millrace:problem')]);
  });

  it('lets nobody in once it is ended', async () => {
    const { token, tokenId } = await issue('client');
    expect((await ask(`/v1/tokens/${tokenId}`, { method: 'DELETE' })).status).toBe(200);
    expect((await ask('/v1/me', { token })).status).toBe(403);
    expect((await predict(token)).status).toBe(401);
    expect((await ask(`/v1/tokens/${tokenId}`, { method: 'DELETE' })).body['code']).toBe('TokenNotFound');
  });

  it('is listed without its secret', async () => {
    const { token, tokenId } = await issue('viewer');
    const { items } = (await ask('/v1/tokens')).body as { items: { tokenId: string }[] };
    expect(items.find((item) => item.tokenId === tokenId)).toMatchObject({
      name: 'viewer-token',
      createdBy: 'local',
    });
    expect(JSON.stringify(items)).not.toContain(token.split('_')[2]);
  });

  it.each([
    ['no grant', { name: 'x', grants: [] }, 'InvalidBody'],
    ['an unknown role', { name: 'x', grants: [{ project: 'wine', role: 'king' }] }, 'InvalidBody'],
    ['a name with a blank', { name: 'a b', grants: [{ project: 'wine', role: 'viewer' }] }, 'InvalidBody'],
    [
      'an unknown member',
      { name: 'x', grants: [{ project: 'wine', role: 'viewer' }], admin: true },
      'InvalidBody',
    ],
    [
      'what cannot be a project',
      { name: 'x', grants: [{ project: 'Wine', role: 'viewer' }] },
      'InvalidGrant',
    ],
  ])('is not issued with %s', async (_what, body, code) => {
    expect(await ask('/v1/tokens', { method: 'POST', body })).toMatchObject({ status: 400, body: { code } });
  });
});

describe('the first token', () => {
  it('is issued to an AWS administrator once', async () => {
    const first = (await platform.invoke('identity', 'task-issue-first-token', {})) as { token: string };
    expect((await ask('/v1/me', { token: first.token })).body).toMatchObject({ id: 'first-admin' });
    await expect(platform.invoke('identity', 'task-issue-first-token', {})).rejects.toMatchObject({
      name: 'AdminTokenExists',
    });
  });
});

describe('a token that broke off or expired', () => {
  /** Makes an issued token into what a crash or time would have made of it. */
  const change = async ({ token }: { token: string }, set: Record<string, string>, remove = 'absent') => {
    const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
    const names = Object.keys(set);
    await new DynamoDBClient({ endpoint, region, credentials }).send(
      new UpdateItemCommand({
        TableName: 'millrace-local-identity',
        Key: { pk: { S: `TOKEN#${sha256Hex(token)}` }, sk: { S: 'TOKEN' } },
        UpdateExpression: `SET ${names.map((name, i) => `#${i} = :${name}`).join(', ')} REMOVE #removed`,
        ExpressionAttributeNames: {
          ...Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
          '#removed': remove,
        },
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, { S: set[name]! }])),
      }),
    );
  };
  const pending = { status: 'pending', gsi1pk: 'TOKENS#unsettled', createdAt: '2020-01-01T00:00:00.000Z' };
  const remaining = async (tokenId: string) => {
    const { status } = await ask(`/v1/tokens/${tokenId}`, { method: 'DELETE' });
    return status !== 404;
  };

  it('lets nobody in, and is cleared every hour with its API key', async () => {
    const [expired, brokenOff] = [await issue('client'), await issue('client')];
    await change(expired, { validUntil: '2020-01-01T00:00:00.000Z' });
    await change(brokenOff, pending, 'apiKeyId');
    for (const { token } of [expired, brokenOff]) expect((await ask('/v1/me', { token })).status).toBe(403);
    await platform.invoke('identity', 'every-hour', {});
    expect([await remaining(expired.tokenId), await remaining(brokenOff.tokenId)]).toEqual([false, false]);
  });

  it('can be ended by an admin before that', async () => {
    const brokenOff = await issue('client');
    await change(brokenOff, pending, 'apiKeyId');
    expect((await ask(`/v1/tokens/${brokenOff.tokenId}`, { method: 'DELETE' })).status).toBe(200);
    expect(await remaining(brokenOff.tokenId)).toBe(false);
  });
});
