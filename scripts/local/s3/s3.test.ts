import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type EventEntry,
  type IamApi,
  type Principal,
} from '../emulated-service.ts';
import { allowEverything, makeTestContext } from '../testing/serve-one.ts';
import { createS3 } from './index.ts';

const bucket = 'data-bucket';
const role: Principal = {
  kind: 'role',
  arn: 'arn:aws:sts::000000000000:assumed-role/reader/x',
  roleArn: 'arn:aws:iam::000000000000:role/reader',
};

let dataDir: string;
let events: EventEntry[];
let publish: (entries: readonly EventEntry[]) => Promise<void>;
let deliveries: readonly number[];
let iam: IamApi;
let s3: ReturnType<typeof createS3>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-s3-'));
  events = [];
  publish = async (entries) => void events.push(...entries);
  deliveries = [0];
  iam = allowEverything;
  await open();
  await declare();
});
afterEach(async () => {
  await s3.stop();
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true });
});

async function open() {
  const apis = { events: { publish: (entries: readonly EventEntry[]) => publish(entries) }, iam };
  const faults = { deliveries: () => deliveries, beforeCall: () => undefined };
  s3 = createS3(makeTestContext({ dataDir, apis, faults, now: () => Date.UTC(2026, 0, 1) }));
  await s3.start();
}
async function restart() {
  await s3.stop();
  await open();
}
const declare = (more: object = {}, type = 'AWS::S3::Bucket') =>
  s3.provision({
    stackName: 's',
    logicalId: 'B',
    type,
    properties: {
      BucketName: bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
      ...more,
    },
  });
const declarePolicy = (statement: object) =>
  s3.provision({
    stackName: 's',
    logicalId: 'P',
    type: 'AWS::S3::BucketPolicy',
    properties: { Bucket: bucket, PolicyDocument: { Statement: [statement] } },
  });

interface Asked {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly principal?: Principal;
  readonly host?: string;
}
function request(rawPath: string, asked: Asked = {}): AwsRequest {
  const body = Buffer.from(asked.body ?? '');
  return {
    requestId: 'r',
    method: asked.method ?? 'GET',
    rawPath,
    query: new URLSearchParams(asked.query ?? ''),
    headers: { host: asked.host ?? '127.0.0.1:4566', ...asked.headers },
    stream: Readable.from(body.length === 0 ? [] : [body]),
    bytes: async () => body,
    principal: asked.principal ?? { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' },
    signingName: 's3',
  };
}
const call = (rawPath: string, asked?: Asked): Promise<AwsResponse> => s3.handle(request(rawPath, asked));
const put = (key: string, body: string) => s3.putObject(bucket, key, Buffer.from(body));
const contentFiles = () => readdirSync(path.join(dataDir, 's3', 'buckets', bucket, 'content'));
const journal = () => path.join(dataDir, 's3', 'buckets', bucket, 'journal.jsonl');

describe('after a restart', () => {
  it('everything is there: content, versions, uploads under way', async () => {
    await declare({ VersioningConfiguration: { Status: 'Enabled' } });
    const first = await put('k', '1');
    await put('k', '2');
    const started = await call(`/${bucket}/m`, { method: 'POST', query: 'uploads' });
    const uploadId = /<UploadId>(.+)<\/UploadId>/.exec(String(started.body))?.[1] ?? '';
    const query = `uploadId=${uploadId}&partNumber=1`;
    await call(`/${bucket}/m`, { method: 'PUT', query, body: 'part' });
    await restart();
    expect((await s3.getObject(bucket, 'k')).body.toString()).toBe('2');
    const old = await call(`/${bucket}/k`, { query: `versionId=${first.versionId}` });
    expect(await text(old.body as Readable)).toBe('1');
    const parts = await call(`/${bucket}/m`, { query: `uploadId=${uploadId}` });
    expect(String(parts.body)).toContain('<Size>4</Size>');
  });

  it('a torn last line of the journal and content without an object are gone', async () => {
    await put('whole', 'x');
    appendFileSync(journal(), '{"type":"put","version":{"key":"torn"');
    writeFileSync(path.join(dataDir, 's3', 'buckets', bucket, 'content', 'orphan'), 'left by a crash');
    await restart();
    expect(await s3.listKeys(bucket, '')).toEqual(['whole']);
    expect(contentFiles()).toHaveLength(1);
    await put('next', 'y');
    await restart();
    expect(await s3.listKeys(bucket, '')).toEqual(['next', 'whole']);
  });

  it('a journal of many overwrites is short again and says the same', async () => {
    for (let i = 0; i < 600; i++) await put('k', String(i));
    await vi.runAllTimersAsync();
    await restart();
    expect(readFileSync(journal(), 'utf8').trim().split('\n')).toHaveLength(1);
    expect((await s3.getObject(bucket, 'k')).body.toString()).toBe('599');
    // Six hundred objects are written and removed, which a busy disk takes its time for.
  }, 30_000);

  it('unreadable settings are named with the cure', async () => {
    await s3.stop();
    writeFileSync(path.join(dataDir, 's3', 'buckets', bucket, 'bucket.json'), '{');
    await expect(open()).rejects.toThrow(/bucket\.json cannot be read .* --fresh/);
    rmSync(path.join(dataDir, 's3'), { recursive: true });
    await open();
  });
});

describe('an event', () => {
  it('that the bus did not take before a crash is sent at the next start, with the same sequencer', async () => {
    publish = async () => {
      throw new Error('bus is down');
    };
    await put('k', 'x');
    await vi.advanceTimersByTimeAsync(0);
    await restart();
    publish = async (entries) => void events.push(...entries);
    await s3.resume?.();
    await vi.runAllTimersAsync();
    expect(events).toMatchObject([{ detail: { object: { key: 'k' } } }]);
    await restart();
    await s3.resume?.();
    await vi.runAllTimersAsync();
    expect(events).toHaveLength(1);
  });

  it('is tried again while the bus does not take it', async () => {
    let refusals = 2;
    publish = async (entries) => {
      if (refusals-- > 0) throw new Error('busy');
      events.push(...entries);
    };
    await put('k', 'x');
    await vi.advanceTimersByTimeAsync(2000);
    expect(events).toHaveLength(1);
  });

  it.each([
    ['repeated and delayed', [0, 500], 2],
    ['dropped', [], 0],
  ])('can be %s by the fault switch', async (_how, wanted, count) => {
    deliveries = wanted;
    await put('k', 'x');
    await vi.advanceTimersByTimeAsync(600);
    expect(events).toHaveLength(count);
  });

  it('is not sent by a bucket without EventBridge', async () => {
    await declare({ NotificationConfiguration: undefined });
    await put('k', 'x');
    await vi.runAllTimersAsync();
    expect(events).toEqual([]);
  });
});

describe('versioning that is suspended', () => {
  it('overwrites and hides only the null version', async () => {
    await declare({ VersioningConfiguration: { Status: 'Enabled' } });
    const kept = await put('k', 'kept');
    await declare({ VersioningConfiguration: { Status: 'Suspended' } });
    await put('k', 'null 1');
    await put('k', 'null 2');
    const listed = String((await call(`/${bucket}`, { query: 'versions' })).body);
    expect(listed.match(/<VersionId>(.+?)<\/VersionId>/g)).toEqual([
      '<VersionId>null</VersionId>',
      `<VersionId>${kept.versionId}</VersionId>`,
    ]);
    await call(`/${bucket}/k`, { method: 'DELETE' });
    await expect(s3.getObject(bucket, 'k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await call(`/${bucket}/k`, { method: 'DELETE', query: 'versionId=null' });
    expect((await s3.getObject(bucket, 'k')).body.toString()).toBe('kept');
  });
});

describe('access', () => {
  it('that a bucket policy denies is refused; what it does not name is not', async () => {
    await put('secret/k', 'x');
    await put('open/k', 'x');
    await declarePolicy({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${bucket}/secret/*`,
    });
    await expect(call(`/${bucket}/secret/k`, { principal: role })).rejects.toMatchObject({
      name: 'AccessDenied',
      status: 403,
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
    expect((await call(`/${bucket}/open/k`, { principal: role })).status).toBe(200);
  });

  it('is not refused by the deny of plain HTTP', async () => {
    await put('k', 'x');
    await declarePolicy({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect((await call(`/${bucket}/k`, { principal: role })).status).toBe(200);
  });

  it('to a missing key is AccessDenied for who may not list', async () => {
    iam = {
      ...allowEverything,
      demand: (_principal, permissions) => {
        throw new AwsError('AccessDeniedException', `no ${permissions[0]?.action}`, 403);
      },
    };
    await restart();
    await expect(call(`/${bucket}/missing`, { principal: role })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'no s3:ListBucket',
    });
  });

  const arn = `arn:aws:s3:::${bucket}`;
  it.each<[string, string, Asked, object[]]>([
    ['GetObject', `/${bucket}/a/b`, {}, [{ action: 's3:GetObject', resource: `${arn}/a/b` }]],
    [
      'GetObject of a version',
      `/${bucket}/k`,
      { query: 'versionId=v' },
      [{ action: 's3:GetObjectVersion', resource: `${arn}/k` }],
    ],
    [
      'ListObjectsV2',
      `/${bucket}`,
      { query: 'list-type=2&prefix=p/&delimiter=/' },
      [{ action: 's3:ListBucket', resource: arn, context: { 's3:prefix': 'p/', 's3:delimiter': '/' } }],
    ],
    [
      'PutObject with tags',
      `/${bucket}/k`,
      { method: 'PUT', headers: { 'x-amz-tagging': 'a=1' } },
      [
        { action: 's3:PutObject', resource: `${arn}/k` },
        { action: 's3:PutObjectTagging', resource: `${arn}/k` },
      ],
    ],
    [
      'CopyObject',
      `/${bucket}/k`,
      { method: 'PUT', headers: { 'x-amz-copy-source': '/other/x%20y?versionId=1' } },
      [
        { action: 's3:PutObject', resource: `${arn}/k` },
        { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::other/x y' },
      ],
    ],
    [
      'DeleteObjects',
      `/${bucket}`,
      { method: 'POST', query: 'delete', body: '<Delete><Object><Key>a</Key></Object></Delete>' },
      [{ action: 's3:DeleteObject', resource: `${arn}/a` }],
    ],
    [
      'AbortMultipartUpload',
      `/${bucket}/k`,
      { method: 'DELETE', query: 'uploadId=u' },
      [{ action: 's3:AbortMultipartUpload', resource: `${arn}/k` }],
    ],
    [
      'a request with the bucket in the host',
      '/k',
      { host: `${bucket}.s3.localhost:4566` },
      [{ action: 's3:GetObject', resource: `${arn}/k` }],
    ],
  ])(
    'needs for %s what the service authorization reference says',
    async (_what, rawPath, asked, expected) => {
      expect(await s3.authorize(request(rawPath, asked))).toMatchObject(expected);
    },
  );
});

describe('what is not imitated', () => {
  it.each([
    ['GET', `/${bucket}`, 'acl', 'GET bucket?acl'],
    ['PUT', `/${bucket}/k`, 'retention', 'PUT object?retention'],
    ['PUT', `/${bucket}`, 'policy', 'PUT bucket?policy'],
    ['DELETE', `/${bucket}`, 'lifecycle', 'DELETE bucket?lifecycle'],
    ['PATCH', `/${bucket}/k`, '', 'PATCH object'],
  ])('%s %s?%s is named in a NotImplemented error', async (method, rawPath, query, what) => {
    await expect(call(rawPath, { method, query })).rejects.toMatchObject({
      name: 'NotImplemented',
      status: 501,
      message: expect.stringContaining(what),
    });
  });
});

describe('a header that is not imitated', () => {
  it('is refused, not ignored', async () => {
    const headers = { 'x-amz-object-lock-mode': 'COMPLIANCE' };
    await expect(call(`/${bucket}/k`, { method: 'PUT', headers })).rejects.toThrow(/x-amz-object-lock-mode/);
  });
});

describe('a bucket that the template no longer has', () => {
  it('goes when it is empty and stays when it is not', async () => {
    const gone = { stackName: 's', logicalId: 'B', type: 'AWS::S3::Bucket', properties: {} };
    const previous = { ref: bucket, attributes: {} };
    await put('k', 'x');
    await s3.deprovision?.({ ...gone, previous });
    expect(await s3.listKeys(bucket, '')).toEqual(['k']);
    await call(`/${bucket}/k`, { method: 'DELETE' });
    await s3.deprovision?.({ ...gone, previous });
    await expect(s3.listKeys(bucket, '')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
