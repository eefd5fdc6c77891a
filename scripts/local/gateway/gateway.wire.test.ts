import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { APIGatewayClient, CreateApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  AwsError,
  type AwsRequest,
  type EmulatedService,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import { createIam } from '../iam/index.ts';
import { createSts } from '../sts/index.ts';
import { makeTestContext, type ServiceApis } from '../testing/serve-one.ts';
import type { HttpListener } from './http-server.ts';
import { startGateway } from './index.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
const roleArn = 'arn:aws:iam::000000000000:role/reader';

let dataDir: string;
let gateway: HttpListener;
let iam: ReturnType<typeof createIam>;
let nowMs: number | undefined;
let throttled = false;
/** Bodies as the services saw them. */
const bodies: string[] = [];

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-gateway-'));
  const faults: RuntimeContext['faults'] = {
    deliveries: () => [0],
    beforeCall: () => {
      if (throttled) throw new AwsError('ThrottlingException', 'Rate exceeded');
    },
  };
  const apis: Partial<ServiceApis> = {};
  const context = makeTestContext({ dataDir, apis, now: () => nowMs ?? Date.now(), faults });
  iam = createIam(context);
  apis.iam = iam;
  await iam.provision({
    stackName: 's',
    logicalId: 'Reader',
    type: 'AWS::IAM::Role',
    properties: {
      RoleName: 'reader',
      AssumeRolePolicyDocument: { Statement: [] },
      Policies: [
        {
          PolicyName: 'read',
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table }] },
        },
      ],
    },
  });
  const services = [
    echo('dynamodb', '{"Item":{"id":{"S":"1"}}}', [{ action: 'dynamodb:GetItem', resource: table }]),
    echo('lambda', '{}', [{ action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:f' }]),
    echo('s3', 'content', [{ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/key' }]),
    echo('apigateway', '{}', [
      { action: 'apigateway:POST', resource: 'arn:aws:apigateway:us-east-1::/apikeys' },
    ]),
    createSts(context),
  ];
  gateway = await startGateway({
    port: 0,
    identities: iam,
    services: () => services,
    context: () => context,
    recordDir: path.join(dataDir, 'record'),
  });
});
afterAll(async () => {
  await gateway.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  nowMs = undefined;
  throttled = false;
  bodies.length = 0;
});

function echo(
  signingName: string,
  answer: string,
  permissions: readonly RequiredPermission[],
): EmulatedService {
  return {
    name: signingName,
    signingNames: [signingName],
    resourceTypes: [],
    start: async () => undefined,
    provision: async () => ({ ref: '', attributes: {} }),
    authorize: async () => permissions,
    handle: async (request: AwsRequest) => {
      bodies.push((await request.bytes()).toString());
      return { status: 200, body: answer };
    },
    stop: async () => undefined,
  };
}

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
const config = (credentials: Keys, region = 'us-east-1') => ({
  endpoint: gateway.url,
  region,
  credentials,
  maxAttempts: 1,
});
const getItem = (credentials: Keys, region?: string) =>
  new DynamoDBClient(config(credentials, region)).send(
    new GetItemCommand({ TableName: 'orders', Key: { id: { S: '1' } } }),
  );
const recorded = (): unknown[] =>
  readFileSync(path.join(dataDir, 'record', 'requests.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const operator = () => iam.operatorCredentials();
const reader = () => iam.credentialsForRole(roleArn, 'function');

describe('the gateway', () => {
  it('lets a rightly signed call through: JSON, REST, S3 with awkward keys, streams and query services', async () => {
    expect((await getItem(operator())).Item).toEqual({ id: { S: '1' } });
    const lambda = new LambdaClient(config(operator()));
    expect(
      (await lambda.send(new InvokeCommand({ FunctionName: 'a:b/c d', Payload: '{"x":1}' }))).StatusCode,
    ).toBe(200);
    const s3 = new S3Client(config(operator()));
    for (const Key of ['plain', "odd key+ä!'()*~%2F&=?#.csv", 'a//b/../c']) {
      await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'content' }));
    }
    await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k', ResponseContentType: 'text/x y' }));
    expect(bodies.filter((body) => body === 'content')).toHaveLength(3);
  });

  it('lets a role do what its policies allow and nothing else', async () => {
    expect((await getItem(reader())).Item).toBeDefined();
    const lambda = new LambdaClient(config(reader()));
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining(
        'assumed-role/reader/function is not authorized to perform: lambda:InvokeFunction',
      ),
    });
    const s3 = new S3Client(config(reader()));
    await expect(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it.each([
    [
      'an unknown key',
      () => ({ ...operator(), accessKeyId: 'AKIANOBODY0000000000' }),
      'UnrecognizedClientException',
    ],
    ['a wrong secret', () => ({ ...operator(), secretAccessKey: 'wrong' }), 'InvalidSignatureException'],
    [
      'a role without its session token',
      () => ({ ...reader(), sessionToken: '' }),
      'UnrecognizedClientException',
    ],
    [
      'a role with a forged session token',
      () => ({ ...reader(), sessionToken: 'x' }),
      'UnrecognizedClientException',
    ],
  ])('refuses %s', async (_what, credentials, name) => {
    await expect(getItem(credentials())).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
    expect(bodies).toEqual([]);
  });

  it('refuses S3 calls in the words of S3', async () => {
    const get = (credentials: Keys) =>
      new S3Client(config(credentials)).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }));
    await expect(get({ ...operator(), accessKeyId: 'AKIANOBODY0000000000' })).rejects.toMatchObject({
      name: 'InvalidAccessKeyId',
    });
    await expect(get({ ...operator(), secretAccessKey: 'wrong' })).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });

  it('names the right region to a client that signs for another', async () => {
    await expect(getItem(operator(), 'eu-west-1')).rejects.toThrow("expecting 'us-east-1'");
  });

  it('refuses a request signed more than 15 minutes ago or ahead', async () => {
    for (const skewMs of [16 * 60_000, -16 * 60_000]) {
      nowMs = Date.now() + skewMs;
      await expect(getItem(operator())).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    }
    nowMs = Date.now() + 14 * 60_000;
    expect((await getItem(operator())).Item).toBeDefined();
  });

  it('serves a presigned URL until it expires, and not with another path', async () => {
    const s3 = new S3Client(config(operator()));
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'bucket', Key: 'a b' }), {
      expiresIn: 60,
    });
    expect(await (await fetch(url)).text()).toBe('content');
    const tampered = await fetch(url.replace('/a%20b', '/other'));
    expect([tampered.status, await tampered.text()]).toEqual([
      403,
      expect.stringContaining('SignatureDoesNotMatch'),
    ]);
    nowMs = Date.now() + 61_000;
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  it('takes a presigned upload of a role with its session token', async () => {
    const put = new PutObjectCommand({ Bucket: 'bucket', Key: 'k' });
    const url = await getSignedUrl(new S3Client(config(reader())), put, { expiresIn: 60 });
    const denied = await fetch(url, { method: 'PUT', body: 'upload' });
    expect([denied.status, await denied.text()]).toEqual([
      403,
      expect.stringContaining('assumed-role/reader'),
    ]);
  });

  it('refuses a body that is not the one that was signed', async () => {
    const s3 = new S3Client(config(operator()));
    s3.middlewareStack.add(
      (next) => async (args) => {
        (args.request as { body: unknown }).body = 'forged!';
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    await expect(
      s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'content' })),
    ).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' });
    expect(bodies).toEqual([]);
  });

  it('refuses unsigned requests and services that it does not have', async () => {
    const unsigned = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    });
    expect([unsigned.status, await unsigned.json()]).toEqual([
      403,
      expect.objectContaining({ __type: 'MissingAuthenticationTokenException' }),
    ]);
    const stranger = new SFNClient(config(operator()));
    await expect(stranger.send(new ListStateMachinesCommand({}))).rejects.toThrow(
      'no service that signs as "states". It has: apigateway, dynamodb, lambda, s3, sts.',
    );
  });

  it('answers who the caller is', async () => {
    const text = await signedStsCall(reader());
    expect(text).toContain('<Arn>arn:aws:sts::000000000000:assumed-role/reader/function</Arn>');
    expect(text).toContain('<Account>000000000000</Account>');
  });

  it('throttles where the faults say so', async () => {
    throttled = true;
    await expect(getItem(operator())).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  it('records what a service model says something about, in every protocol', async () => {
    await getItem(reader());
    const s3 = new S3Client(config(operator()));
    await s3.send(
      new PutObjectCommand({ Bucket: 'bucket', Key: 'a b', Body: 'object content', IfNoneMatch: '*' }),
    );
    const complete = new CompleteMultipartUploadCommand({
      Bucket: 'bucket',
      Key: 'k',
      UploadId: 'u',
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: 'e' }] },
    });
    // The service here answers no XML.
    await expect(s3.send(complete)).rejects.toThrow('XML parse error');
    await new LambdaClient(config(operator())).send(
      new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: '{}' }),
    );
    await signedStsCall(operator());
    expect(recorded()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          service: 'dynamodb',
          role: roleArn,
          headers: expect.objectContaining({ 'x-amz-target': 'DynamoDB_20120810.GetItem' }),
          body: { TableName: 'orders', Key: { id: { S: '1' } } },
        }),
        expect.objectContaining({
          service: 's3',
          role: 'operator',
          method: 'PUT',
          path: '/bucket/a%20b',
          query: [['x-id', 'PutObject']],
          headers: expect.objectContaining({ 'if-none-match': '*', 'content-length': '14' }),
        }),
        expect.objectContaining({
          service: 's3',
          query: [['uploadId', 'u']],
          body: expect.stringContaining('<Part><ETag>e</ETag><PartNumber>1</PartNumber></Part>'),
        }),
        expect.objectContaining({
          service: 'lambda',
          path: '/2015-03-31/functions/f/invocations',
          headers: expect.objectContaining({ 'x-amz-invocation-type': 'Event' }),
        }),
        expect.objectContaining({
          service: 'sts',
          body: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        }),
      ]),
    );
  });

  it('records neither signatures nor keys nor the content of objects and invocations', async () => {
    const s3 = new S3Client(config(reader()));
    const put = new PutObjectCommand({ Bucket: 'bucket', Key: 'k' });
    await fetch(await getSignedUrl(s3, put, { expiresIn: 60 }), { method: 'PUT', body: 'uploaded content' });
    await new APIGatewayClient(config(operator())).send(
      new CreateApiKeyCommand({ name: 'key', value: 'value-of-the-key-0123456789', enabled: true }),
    );
    const { secretAccessKey, sessionToken } = reader();
    await new LambdaClient(config(operator())).send(
      new InvokeCommand({ FunctionName: 'f', Payload: '{"private":1}' }),
    );
    const text = JSON.stringify(recorded());
    expect(text).toContain(`"value":"${'*'.repeat(27)}"`);
    for (const secret of [
      secretAccessKey,
      sessionToken!,
      'AWS4-HMAC-SHA256',
      'Signature',
      'value-of-the-key',
      'uploaded content',
      'private',
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

/** There is no STS client among the packages of the project, so the query form is signed by hand. */
async function signedStsCall(keys: Keys): Promise<string> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { Sha256 } = await import('@aws-crypto/sha256-js');
  const signer = new SignatureV4({ credentials: keys, region: 'us-east-1', service: 'sts', sha256: Sha256 });
  const { hostname, port, host } = new URL(gateway.url);
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const signed = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, method: 'POST', path: '/', headers: signed.headers },
      (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => resolve(text));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
