import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEntries } from '#services/governance/contract.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** Who calls MLflow's API: by a password, by a signature, and too often. */
const stage = 'dev';
const perSecond = 20;
const platform = new RunningPlatform({
  stage,
  assemble: assemblyOfStage(stage, {
    iamGrants: { 'arn:aws:iam::000000000000:user/operator': ['scientist:orchard'] },
    throttles: {
      requestsPerSecond: 1000,
      requestsPerSecondPerCaller: perSecond,
      predictionsPerSecond: 100,
      burst: 1000,
    },
  }),
});
let admin: { authorization: string };
beforeAll(async () => {
  await platform.start();
  const first = (await platform.invoke('identity', 'task-issue-first-token', {})) as { token: string };
  admin = { authorization: `Bearer ${first.token}` };
});
afterAll(() => platform.close());

type Headers = Readonly<Record<string, string>>;
interface MlflowAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfter: string | undefined;
}

function send(path: string, message: unknown, headers: Headers): Promise<MlflowAnswer> {
  const { hostname, port } = new URL(platform.runtime.endpoints.platformUrl);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, path, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: JSON.parse(text) as MlflowAnswer['body'],
          retryAfter: answer.headers['retry-after'],
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(message));
  });
}

const mlflow = (operation: string, message: unknown, headers: Headers) =>
  send(`/api/2.0/mlflow/${operation}`, message, headers);

/** The same, signed with the keys of the laptop's user. */
async function signed(operation: string, message: unknown): Promise<MlflowAnswer> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { Sha256 } = await import('@aws-crypto/sha256-js');
  const { platformUrl, credentials, region } = platform.runtime.endpoints;
  const signer = new SignatureV4({ credentials, region, service: 'execute-api', sha256: Sha256 });
  const { hostname, port, host } = new URL(platformUrl);
  const path = `/iam/api/2.0/mlflow/${operation}`;
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path,
    headers: { host, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
  return send(path, message, headers);
}

async function holder(name: string, role: string): Promise<string> {
  const body = JSON.stringify({ name, grants: [{ project: 'orchard', role }] });
  const url = `${platform.runtime.endpoints.platformUrl}/v1/tokens`;
  const answer = await fetch(url, { method: 'POST', headers: admin, body });
  return ((await answer.json()) as { token: string }).token;
}

/** Who did what in a project, by the audit. */
const audited = (what: string, actorId: string) =>
  platform.eventually(`${what} by ${actorId} in the audit`, async () => {
    const { body } = await platform.call(listAuditEntries, { params: { project: 'orchard' } });
    return body.items.find((entry) => entry.detailType === `${what}.v1` && entry.actor === `user:${actorId}`);
  });

describe('a caller with a name and a password', () => {
  it('is the holder of the token that is the password, in the audit too', async () => {
    const token = await holder('trainer', 'scientist');
    const basic = { authorization: `Basic ${Buffer.from(`whoever:${token}`).toString('base64')}` };
    const { status, body } = await mlflow('experiments/create', { name: 'orchard/by-password' }, basic);
    expect([status, body]).toEqual([200, { experiment_id: expect.any(String) }]);
    await audited('ExperimentChanged', 'trainer');
    const run = await mlflow('runs/create', { experiment_id: body['experiment_id'] }, basic);
    const { run_id } = (run.body as { run: { info: { run_id: string } } }).run.info;
    expect((await mlflow('runs/update', { run_id, status: 'FINISHED' }, basic)).status).toBe(200);
    await audited('RunFinished', 'trainer');
  });
});

describe('a caller who signs with keys of AWS', () => {
  it('does what the stage grants the principal, under its own name in the audit', async () => {
    const { status, body } = await signed('experiments/create', { name: 'orchard/by-signature' });
    expect([status, body]).toEqual([200, { experiment_id: expect.any(String) }]);
    await audited('ExperimentChanged', 'iam:user/operator');
  });

  it('does nothing elsewhere', async () => {
    const tags = [{ key: 'millrace.project', value: 'quarry' }];
    const { status, body } = await signed('experiments/create', { name: 'quarry/x', tags });
    expect([status, body['error_code']]).toEqual([403, 'PERMISSION_DENIED']);
  });

  it('needs the signature where it counts, and no token will do', async () => {
    const unsigned = await send('/iam/api/2.0/mlflow/experiments/search', {}, admin);
    expect([unsigned.status, unsigned.body]).toEqual([403, { message: 'Forbidden' }]);
  });
});

describe('a caller who asks too often', () => {
  it('is told to wait and then answered, while others are answered all along', async () => {
    const busy = { authorization: `Bearer ${await holder('busy', 'viewer')}` };
    const quiet = { authorization: `Bearer ${await holder('quiet', 'viewer')}` };
    const ask = (headers: Headers) => mlflow('experiments/search', { max_results: 1 }, headers);
    const startedAtMs = Date.now();
    const answers = await Promise.all(Array.from({ length: 400 }, () => ask(busy)));
    const seconds = (Date.now() - startedAtMs) / 1000;
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, body, retryAfter } of refused) {
      expect([status, body['error_code']]).toEqual([429, 'REQUEST_LIMIT_EXCEEDED']);
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    }
    // The laptop has two instances of a function: each lets through its burst before it hears of the other.
    const instances = 2;
    expect(400 - refused.length).toBeLessThanOrEqual(instances * perSecond * (2 + seconds));
    expect((await ask(quiet)).status).toBe(200);
    await sleep(Math.max(...refused.map(({ retryAfter }) => Number(retryAfter))) * 1000);
    expect((await ask(busy)).status).toBe(200);
  });
});
