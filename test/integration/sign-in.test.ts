import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type JWTPayload, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenIdIssuer } from './open-id-issuer.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

const rootDir = path.resolve(import.meta.dirname, '../..');
const [issuer, stranger] = [new OpenIdIssuer(), new OpenIdIssuer()];
const platform = new RunningPlatform({
  stage: 'dev',
  // The issuer's address is known when it listens.
  assemble: (dir) =>
    assemblyOfStage('dev', {
      signIn: {
        issuer: issuer.url,
        audience: 'millrace',
        groupsClaim: 'groups',
        nameClaim: 'email',
        grants: { science: ['scientist:tumour'], readers: ['viewer:tumour'] },
      },
    })(dir),
});

beforeAll(async () => {
  await issuer.start();
  await stranger.start();
  await platform.start();
});
afterAll(async () => {
  await platform.close();
  await issuer.close();
  await stranger.close();
});

const ann = { sub: '1', email: 'ann@example.com', groups: ['science', 'sales'] };
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const ask = async (token: string, route = '/v1/me', init: RequestInit = {}) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${platform.runtime.endpoints.platformUrl}${route}`, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const predict = (token: string) =>
  ask(token, '/v1/projects/tumour/predictions', {
    method: 'POST',
    body: JSON.stringify({ instances: [{}] }),
  });

describe('a person whom the issuer signed in', () => {
  it('is named by the claim and may do what the groups are granted', async () => {
    expect(await ask(await issuer.token(ann))).toEqual({
      status: 200,
      body: { id: ann.email, grants: [{ project: 'tumour', role: 'scientist' }], stage: 'dev' },
    });
    const reader = await issuer.token({ ...ann, email: 'rob@example.com', groups: 'readers' });
    expect((await ask(reader)).body['grants']).toEqual([{ project: 'tumour', role: 'viewer' }]);
    expect((await ask(reader, '/v1/tokens')).body).toMatchObject({ status: 403, code: 'RoleMissing' });
  });

  it('works with the command by MILLRACE_TOKEN, and the audit says who it was', async () => {
    const token = await issuer.token(ann);
    const { platformUrl } = platform.runtime.endpoints;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['scripts/cli/bin.mjs', 'apply', 'examples/tumour/project.yaml'],
      { cwd: rootDir, env: { ...process.env, MILLRACE_URL: platformUrl, MILLRACE_TOKEN: token } },
    );
    expect(stdout).toContain('tumour');
    const entry = await platform.eventually('the entry of the audit', async () => {
      const { items } = (await ask(token, '/v1/projects/tumour/audit')).body as { items?: object[] };
      return items?.[0];
    });
    expect(entry).toMatchObject({ detailType: 'ProjectApplied.v1', actor: `user:${ann.email}` });
  });

  it('passes the prediction API by the key that signed-in people share', async () => {
    // There is no model yet: the answer comes from the function behind the API.
    expect(await predict(await issuer.token(ann))).toMatchObject({
      status: 404,
      body: { type: expect.stringContaining('urn:millrace:problem') },
    });
    const reader = await issuer.token({ ...ann, groups: ['readers'] });
    expect((await predict(reader)).body).toMatchObject({ status: 403, code: 'RoleMissing' });
  });

  it('stands beside API tokens, which work as before', async () => {
    const first = (await platform.invoke('identity', 'task-issue-first-token', {})) as { token: string };
    expect((await ask(first.token)).body['id']).toBe('first-admin');
  });
});

describe('refused, on both APIs, is a token', () => {
  const claims = (changed: JWTPayload) => ({ ...ann, ...changed });
  const unsigned = () =>
    new UnsecuredJWT({ ...ann, iss: issuer.url, aud: 'millrace', exp: inSeconds(600) }).encode();
  const tampered = async () => {
    const [header, , signature] = (await issuer.token(ann)).split('.');
    const payload = (await issuer.token({ ...ann, groups: ['science', 'admins'] })).split('.')[1];
    return [header, payload, signature].join('.');
  };
  it.each<[string, () => string | Promise<string>]>([
    ['that expired', () => issuer.token(claims({ exp: inSeconds(-60) }))],
    ['without an end', () => issuer.token(claims({ exp: undefined as never }))],
    ['that begins later', () => issuer.token(claims({ nbf: inSeconds(600) }))],
    ['for another audience', () => issuer.token(claims({ aud: 'payroll' }))],
    ['that names another issuer', () => issuer.token(claims({ iss: stranger.url }))],
    ['of another issuer in this one’s name', () => stranger.token(claims({ iss: issuer.url }))],
    ['of another issuer', () => stranger.token(ann)],
    ['without a signature (alg none)', unsigned],
    ['whose claims were changed', tampered],
    ['without the name claim', () => issuer.token(claims({ email: undefined }))],
    ['that is no token', () => 'a.b.c'],
  ])('%s', async (_what, make) => {
    const token = await make();
    expect((await ask(token)).status).toBe(403);
    expect((await predict(token)).status).toBe(401);
  });

  it('signed by another algorithm, whatever its key set says', async () => {
    await issuer.rotate('pss', 'PS256');
    expect((await ask(await issuer.token(ann))).status).toBe(403);
  });
});

describe('who is in no group that the stage names', () => {
  it('is forbidden, on both APIs', async () => {
    await issuer.rotate('for-nobody');
    const signedIn = () =>
      platform.eventually(
        'the new key',
        async () => (await ask(await issuer.token(ann))).status === 200 || undefined,
      );
    await signedIn();
    for (const groups of [undefined, [], ['sales']]) {
      const token = await issuer.token({ ...ann, groups });
      expect([(await ask(token)).status, (await predict(token)).status]).toEqual([403, 403]);
    }
  });
});

describe('the keys of the issuer', () => {
  it('may be rotated, also to ES256: the new ones count within seconds, and the old ones no more', async () => {
    const old = await issuer.token(ann);
    expect((await ask(old)).status).toBe(200);
    await issuer.rotate('second', 'ES256');
    await platform.eventually(
      'the new key',
      async () => (await ask(await issuer.token(ann))).status === 200 || undefined,
    );
    // Another header, so that API Gateway does not answer from its cache of the old token.
    const { status } = await predict(old);
    expect([401, 403]).toContain(status);
  });

  it('are fetched once for many requests', async () => {
    const before = issuer.keyRequests;
    for (let i = 0; i < 5; i++)
      expect((await ask(await issuer.token({ ...ann, sub: `${i}` }))).status).toBe(200);
    expect(issuer.keyRequests - before).toBeLessThanOrEqual(1);
  });

  it('that cannot be had are an error of the platform, not of the caller, and only for so long', async () => {
    await issuer.rotate('third');
    issuer.isUp = false;
    const statusOf = async () => (await ask(await issuer.token(ann))).status;
    await platform.eventually('the failure', async () => (await statusOf()) === 500 || undefined);
    issuer.isUp = true;
    await platform.eventually('the new key', async () => (await statusOf()) === 200 || undefined);
  });
});
