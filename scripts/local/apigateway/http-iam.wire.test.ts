import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EmulatedService, IamApi } from '../emulated-service.ts';
import { createIam } from '../iam/index.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { closeAll, httpApi, serve } from './served-apis.ts';

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: string;
}

const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-http-iam-'));
let iam: EmulatedService & IamApi;
let url: string;
let apiId: string;

beforeAll(async () => {
  iam = createIam(makeTestContext({ dataDir }));
  const roles = [
    ['scientist', 'execute-api:Invoke', '*/$default/GET/iam/things/*'],
    ['stranger', 'dynamodb:GetItem', '*'],
  ] as const;
  for (const [RoleName, Action, Resource] of roles) {
    await iam.provision({
      stackName: 's',
      logicalId: RoleName,
      type: 'AWS::IAM::Role',
      properties: {
        RoleName,
        AssumeRolePolicyDocument: { Statement: [] },
        Policies: [
          { PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } },
        ],
      },
    });
  }
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
beforeEach(async () => {
  const served = await serve(
    { main: (event) => ({ statusCode: 200, body: JSON.stringify(event) }) },
    undefined,
    iam,
  );
  url = served.url;
  apiId = await httpApi(served.service, ['ANY /iam/{proxy+}'], { route: { AuthorizationType: 'AWS_IAM' } });
});
afterEach(closeAll);

const roleKeys = (name: string): Keys =>
  iam.credentialsForRole(`arn:aws:iam::000000000000:role/${name}`, 'ann');

/** Signs as an AWS SDK would, and sends what `change` makes of it. */
async function signed(
  keys: Keys,
  sent: Sent,
  { service = 'execute-api', change = (one: Sent) => one } = {},
): Promise<{ status: number; body: unknown }> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { Sha256 } = await import('@aws-crypto/sha256-js');
  const signer = new SignatureV4({ credentials: keys, region: 'us-east-1', service, sha256: Sha256 });
  const { hostname, port, host } = new URL(url);
  const { headers } = await signer.sign({
    protocol: 'http:',
    hostname,
    port: Number(port),
    headers: { host, 'content-type': 'application/json' },
    ...sent,
  });
  const { method, path: target, query = {}, body } = change(sent);
  return send(headers, method, `${target}?${new URLSearchParams(query)}`, body);
}

function send(headers: Record<string, string>, method: string, target: string, body?: string) {
  const { hostname, port } = new URL(url);
  return new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, path: target, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const forbidden = { status: 403, body: { message: 'Forbidden' } };
const get: Sent = { method: 'GET', path: '/iam/things/one', query: { filter: 'a=1' } };

describe('a route with IAM authorization', () => {
  it('tells the function which session of a role signed', async () => {
    const keys = roleKeys('scientist');
    const { status, body } = await signed(keys, get);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      requestContext: {
        apiId,
        authorizer: {
          iam: {
            accessKey: keys.accessKeyId,
            accountId: '000000000000',
            userArn: 'arn:aws:sts::000000000000:assumed-role/scientist/ann',
            userId: expect.stringMatching(/^AROA[0-9A-F]{17}:ann$/),
            cognitoIdentity: null,
          },
        },
      },
    });
  });

  it('tells it which user signed, whose body arrives as it was signed', async () => {
    const { status, body } = await signed(iam.operatorCredentials(), {
      ...get,
      method: 'POST',
      body: '{"a":1}',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      body: '{"a":1}',
      requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:user/operator' } } },
    });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['unsigned', () => send({}, 'GET', get.path)],
    ['with a token', () => send({ authorization: 'Bearer mlr_x' }, 'GET', get.path)],
    [
      'signed with an unknown key',
      () => signed({ accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x' }, get),
    ],
    ['signed with a wrong secret', () => signed({ ...iam.operatorCredentials(), secretAccessKey: 'x' }, get)],
    ['without the session’s token', () => signed({ ...roleKeys('scientist'), sessionToken: 'x' }, get)],
    ['signed for another service', () => signed(iam.operatorCredentials(), get, { service: 's3' })],
    [
      'with another path than was signed',
      () =>
        signed(iam.operatorCredentials(), get, { change: (sent) => ({ ...sent, path: '/iam/things/two' }) }),
    ],
    [
      'with another body than was signed',
      () =>
        signed(
          iam.operatorCredentials(),
          { ...get, method: 'POST', body: '{"a":1}' },
          { change: (sent) => ({ ...sent, body: '{"a":2}' }) },
        ),
    ],
    ['of a role that may invoke nothing', () => signed(roleKeys('stranger'), get)],
    [
      'of a role that may invoke another method',
      () => signed(roleKeys('scientist'), { ...get, method: 'DELETE' }),
    ],
    [
      'of a role that may invoke another path',
      () => signed(roleKeys('scientist'), { ...get, path: '/iam/others' }),
    ],
  ])('refuses a request %s', async (_what, ask) => {
    expect(await ask()).toEqual(forbidden);
  });
});
