import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

const platform = new RunningPlatform({ stage: 'dev', assemble: assemblyOfStage('dev') });

beforeAll(() => platform.start());
afterAll(() => platform.close());

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${platform.runtime.endpoints.platformUrl}${path}`, init);
const predict = (headers: Record<string, string>) =>
  ask('/v1/projects/wine/predictions', {
    method: 'POST',
    headers,
    body: JSON.stringify({ instances: [{}] }),
  });

describe('a stage that is not local', () => {
  it.each<[string, Record<string, string>]>([
    ['without a token', {}],
    ['without a token that names an identity', { 'x-millrace-as': 'grace' }],
    ['with an empty token', { authorization: 'Bearer ' }],
    ['with a token that was never issued', { authorization: `Bearer mlr_x_${'a'.repeat(43)}` }],
    ['with a password', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
  ])('refuses a request %s, on both APIs', async (_what, headers) => {
    for (const answer of [await ask('/v1/me', { headers }), await predict(headers)]) {
      expect([401, 403]).toContain(answer.status);
      expect(await answer.text()).toMatch(/Unauthorized|Forbidden/);
    }
  });

  it('lets in who has the first token, and whom they give one', async () => {
    const first = (await platform.invoke('identity', 'task-issue-first-token', {})) as { token: string };
    const admin = { authorization: `Bearer ${first.token}` };
    expect(await (await ask('/v1/me', { headers: admin })).json()).toMatchObject({
      id: 'first-admin',
      stage: 'dev',
    });
    const issued = await ask('/v1/tokens', {
      method: 'POST',
      headers: admin,
      body: JSON.stringify({ name: 'app', grants: [{ project: 'wine', role: 'client' }] }),
    });
    const { token } = (await issued.json()) as { token: string };
    const client = { authorization: `Bearer ${token}` };
    expect((await predict(client)).status).toBe(404);
    expect((await ask('/v1/projects/wine/deployment', { headers: client })).status).toBe(403);
  });
});

it('a stage that deploys by canary is refused by the laptop, which names what it has not', async () => {
  const prod = new RunningPlatform({ stage: 'prod', assemble: assemblyOfStage('prod') });
  try {
    await expect(prod.start()).rejects.toThrow(
      /Millrace-prod-api, resource \w+ \(AWS::CodeDeploy::Application\): the laptop runtime does not support this type/,
    );
  } finally {
    await prod.close();
  }
});
