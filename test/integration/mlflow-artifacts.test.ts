import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelVersionCreated } from '#events/registry.ts';
import { startRun } from '#services/tracking/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { RunningPlatform } from './running-platform.ts';

/** The artifact service as MLflow's clients use it: by HTTP, with presigned addresses of S3, under the deployed role. */
const platform = new RunningPlatform();
let root = '';
let runId = '';

beforeAll(async () => {
  await platform.start();
  const metadata = startingJourney({
    eventId: 'E1',
    occurredAt: new Date('2026-01-01T00:00:00.000Z'),
    project: 'wine',
    actor: { type: 'service', id: 'training' },
  });
  const input = { project: 'wine', trainingId: 'T1', runName: 'T1', params: {}, tags: {} };
  const begun = startRun.output.parse(
    await platform.invoke('tracking', startRun.handler, {
      context: { metadata, executionArn: 'arn:execution' },
      input,
    }),
  );
  ({ runId } = begun);
  root = `${begun.experimentId}/${runId}/artifacts`;
});
afterAll(() => platform.close());

interface Answer {
  readonly error_code?: string;
  readonly message?: string;
  readonly files: readonly { readonly path: string; readonly is_dir: boolean; readonly file_size?: number }[];
  readonly upload_id: string;
  readonly credentials: readonly { readonly url: string; readonly part_number: number }[];
  readonly url: string;
  readonly file_size: number;
  readonly presigned_url: string;
  readonly root_uri: string;
}

/** A path as MLflow's client sends it: with what an address may hold as it is. */
const asSent = (path: string) => encodeURI(path).replaceAll(/[?#]/g, encodeURIComponent);

const send = (path: string, init: RequestInit = {}) =>
  fetch(`${platform.runtime.endpoints.platformUrl}${path}`, init);
const api = '/api/2.0/mlflow-artifacts';
const put = (name: string, body: string | Buffer<ArrayBuffer>) =>
  send(`${api}/artifacts/${asSent(`${root}/${name}`)}`, { method: 'PUT', body });
const get = (name: string, init?: RequestInit) => send(`${api}/artifacts/${asSent(`${root}/${name}`)}`, init);
const message = async (answer: Response) => [answer.status, (await answer.json()) as Answer] as const;
const post = (path: string, body: unknown) => send(path, { method: 'POST', body: JSON.stringify(body) });
const list = async (directory: string) => {
  const query = new URLSearchParams({ path: `${root}${directory}` });
  return (await message(await send(`${api}/artifacts?${query.toString()}`)))[1].files;
};
const mpu = async (action: string, directory: string, body: unknown) =>
  message(await post(`${api}/mpu/${action}/${asSent(`${root}/${directory}`)}`, body));
const sha256 = (bytes: ArrayBuffer | Buffer) =>
  createHash('sha256')
    .update(Buffer.from(bytes as Buffer))
    .digest('hex');

/** What S3 takes as a part that is not the last. */
const partBytes = 5 * 1024 * 1024;

async function uploadParts(credentials: Answer['credentials'], content: Buffer<ArrayBuffer>) {
  return Promise.all(
    credentials.map(async ({ url, part_number }, index) => {
      const body = content.subarray(index * partBytes, (index + 1) * partBytes);
      const answer = await fetch(url, { method: 'PUT', body });
      expect(answer.status).toBe(200);
      return { part_number, etag: answer.headers.get('etag') ?? '', url };
    }),
  );
}

describe('a file in one request', () => {
  it.each([
    ['of no bytes', 'empty.bin', Buffer.alloc(0)],
    ['of few bytes', 'few.bin', Buffer.from([0, 255, 13, 10])],
    ['that just fits', 'fits.bin', Buffer.alloc(4_400_000, 7)],
  ])('%s comes back as it was', async (_what, name, content) => {
    const answer = await put(name, content);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    const read = await get(name, { redirect: 'manual' });
    expect(read.status).toBe(200);
    expect(read.headers.get('content-type')).toBe('application/octet-stream');
    expect(read.headers.get('content-disposition')).toBe(
      `attachment; filename="${name}"; filename*=UTF-8''${name}`,
    );
    expect(sha256(await read.arrayBuffer())).toBe(sha256(content));
  });

  it('that is too big says what helps, or is refused by the gateway', async () => {
    expect(await message(await put('big.bin', Buffer.alloc(4_400_001)))).toEqual([
      400,
      {
        error_code: 'INVALID_PARAMETER_VALUE',
        message: expect.stringContaining('MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=1'),
      },
    ]);
    for (const bytes of [5_000_000, 11_000_000]) {
      expect(await message(await put('big.bin', Buffer.alloc(bytes)))).toEqual([
        413,
        { message: 'Request Entity Too Large' },
      ]);
    }
    expect((await get('big.bin')).status).toBe(404);
  });

  it('of a text type that is no UTF-8 is refused rather than changed on the way', async () => {
    const path = `${api}/artifacts/${root}/latin1.csv`;
    const body = Buffer.from('größer', 'latin1');
    const answer = await send(path, { method: 'PUT', body, headers: { 'content-type': 'text/csv' } });
    expect(await message(answer)).toMatchObject([
      400,
      { message: expect.stringContaining('no text in UTF-8, so its bytes would change on the way') },
    ]);
    const utf8 = Buffer.from('größer \u{fffd}');
    await send(path, { method: 'PUT', body: utf8, headers: { 'content-type': 'text/csv' } });
    expect(sha256(await (await send(path)).arrayBuffer())).toBe(sha256(utf8));
  });

  it('keeps its name, whatever signs it is of', async () => {
    const names = [
      'a b.txt',
      '50%.txt',
      'a+b.txt',
      'ü 日本.txt',
      "it's (1)&*;=.txt",
      'sub dir/deep/x.txt',
      'back\\slash',
    ];
    for (const name of names) expect((await put(`names/${name}`, name)).status).toBe(200);
    expect(await list('/names')).toEqual(
      [...names.filter((name) => !name.includes('/')), 'sub dir']
        .sort()
        .map((path) =>
          path === 'sub dir'
            ? { path, is_dir: true }
            : { path, is_dir: false, file_size: Buffer.byteLength(path) },
        ),
    );
    for (const name of names) expect(await (await get(`names/${name}`)).text()).toBe(name);
    expect(await list('/names/sub dir/deep')).toEqual([{ path: 'x.txt', is_dir: false, file_size: 18 }]);
    expect(await list('/names/a b.txt')).toEqual([]);
    const [, byRun] = await message(
      await send(`/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=names/sub%20dir`),
    );
    expect(byRun).toEqual({
      root_uri: `mlflow-artifacts:/${root}`,
      files: [{ path: 'names/sub dir/deep', is_dir: true }],
    });
    const deleted = await send(`${api}/artifacts/${asSent(`${root}/names`)}`, { method: 'DELETE' });
    expect(await message(deleted)).toEqual([200, {}]);
    expect(await list('/names')).toEqual([]);
  });

  it('is kept and opened by its run and path', async () => {
    const uploaded = await send(`/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=page.html`, {
      method: 'POST',
      body: '<script>',
    });
    expect(await message(uploaded)).toEqual([200, {}]);
    const answer = await send(`/get-artifact?run_id=${runId}&path=page.html`);
    expect(await answer.text()).toBe('<script>');
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await message(await send(`/get-artifact?run_id=${runId}&path=../x`))).toEqual([
      400,
      { error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid path' },
    ]);
    expect(await message(await send(`/get-artifact?path=x`))).toMatchObject([
      400,
      { message: expect.stringContaining("Missing value for required parameter 'run_id'") },
    ]);
  });
});

describe('a file in parts', () => {
  const content = Buffer.alloc(2 * partBytes + 1234, 'millrace');
  const parts = { path: '/home/ann/big model.bin', num_parts: 3 };

  it('goes straight to S3 and comes from there, whole or in ranges', async () => {
    const [status, { upload_id, credentials }] = await mpu('create', 'model', parts);
    expect([status, credentials.map(({ part_number }) => part_number)]).toEqual([200, [1, 2, 3]]);
    const uploaded = await uploadParts(credentials, content);
    const completion = { path: parts.path, upload_id, parts: uploaded.toReversed() };
    const elsewhere = await mpu('complete', 'other', completion);
    expect(elsewhere).toMatchObject([404, { error_code: 'RESOURCE_DOES_NOT_EXIST' }]);
    expect(await mpu('complete', 'model', completion)).toEqual([200, {}]);
    // The answer may be lost: the client asks again.
    expect(await mpu('complete', 'model', completion)).toEqual([200, {}]);
    const changed = { ...completion, parts: uploaded.slice(1) };
    expect((await mpu('complete', 'model', changed))[0]).toBe(404);

    const redirected = await get('model/big model.bin', { redirect: 'manual' });
    expect(redirected.status).toBe(307);
    expect(redirected.headers.get('location')).toContain(new URL(platform.runtime.endpoints.awsUrl).host);
    const whole = await (await get('model/big model.bin')).arrayBuffer();
    expect(sha256(whole)).toBe(sha256(content));

    const [, presigned] = await message(
      await send(`${api}/presigned/${asSent(`${root}/model/big model.bin`)}`),
    );
    expect(presigned.file_size).toBe(content.byteLength);
    const range = await fetch(presigned.url, { headers: { range: 'bytes=8-15' } });
    expect([range.status, await range.text()]).toEqual([206, 'millrace']);
    expect(range.headers.get('content-disposition')).toContain("filename*=UTF-8''big%20model.bin");
  });

  it('that was given up takes nothing more and leaves nothing', async () => {
    const [, { upload_id, credentials }] = await mpu('create', 'given-up', parts);
    const abort = { path: parts.path, upload_id };
    expect(await mpu('abort', 'given-up', abort)).toEqual([200, {}]);
    expect(await mpu('abort', 'given-up', abort)).toEqual([200, {}]);
    const late = await fetch(credentials[0]!.url, { method: 'PUT', body: 'late' });
    expect(late.status).toBe(404);
    const completed = await mpu('complete', 'given-up', {
      ...abort,
      parts: [{ part_number: 1, etag: '"x"' }],
    });
    expect(completed[0]).toBe(404);
    expect(await list('/given-up')).toEqual([]);
  });

  it('whose parts are too small or changed is refused as the sender’s mistake', async () => {
    const [, { upload_id, credentials }] = await mpu('create', 'small', { ...parts, num_parts: 2 });
    const uploaded = await Promise.all(
      credentials.map(async ({ url, part_number }) => {
        const answer = await fetch(url, { method: 'PUT', body: 'small' });
        return { part_number, etag: answer.headers.get('etag') ?? '' };
      }),
    );
    const complete = (all: unknown) => mpu('complete', 'small', { path: parts.path, upload_id, parts: all });
    expect(await complete(uploaded)).toMatchObject([
      400,
      { message: expect.stringContaining('EntityTooSmall') },
    ]);
    const changed = [{ part_number: 1, etag: '"0123456789abcdef0123456789abcdef"' }];
    expect(await complete(changed)).toMatchObject([400, { message: expect.stringContaining('InvalidPart') }]);
    // One part may be of any size.
    expect(await complete(uploaded.slice(0, 1))).toEqual([200, {}]);
  });

  it('may have no byte at all', async () => {
    const empty = { path: 'empty.bin', num_parts: 0 };
    const [status, { upload_id, credentials }] = await mpu('create', 'none', empty);
    expect([status, credentials]).toEqual([200, []]);
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await mpu('complete', 'none', { ...empty, upload_id, parts: [] })).toEqual([200, {}]);
    expect(await list('/none')).toEqual([{ path: 'empty.bin', is_dir: false, file_size: 0 }]);
  });
});

describe('presigned addresses of a run', () => {
  it('take one file and give it', async () => {
    const ask = async (what: string, body: unknown) =>
      message(await post(`/api/2.0/mlflow/artifacts/presigned-${what}-url`, body));
    const file = { run_id: runId, path: 'direct/x.bin' };
    const [, upload] = await ask('upload', file);
    expect((await fetch(upload.presigned_url, { method: 'PUT', body: 'direct' })).status).toBe(200);
    const [, download] = await ask('download', { ...file, expiration: 60 });
    expect(download.file_size).toBe(6);
    expect(await (await fetch(download.presigned_url)).text()).toBe('direct');
    expect(await ask('download', { ...file, path: 'direct/y.bin' })).toMatchObject([404, {}]);
    expect(await ask('download', { ...file, expiration: 604_801 })).toMatchObject([
      400,
      { message: expect.stringContaining('must be between 1 and 604800 seconds') },
    ]);
  });
});

describe('the artifacts of a registered model version', () => {
  it('take no more writes from the moment that tracking hears of it', async () => {
    await put('registered/MLmodel', 'model');
    await put('notes.txt', 'notes');
    const metadata = startingJourney({
      eventId: 'E2',
      occurredAt: new Date('2026-01-01T00:00:00.000Z'),
      project: 'wine',
      actor: { type: 'user', id: 'ann' },
    });
    await platform.publish(
      ModelVersionCreated.create(metadata, {
        project: 'wine',
        model: 'wine',
        modelVersion: 1,
        source: `runs:/${runId}/registered`,
        runId,
        createdBy: 'ann',
        tags: {},
      }),
    );
    const refusal = await platform.eventually('the refusal of a write', async () => {
      const answer = await put('registered/MLmodel', 'model');
      return answer.status === 403 ? ((await answer.json()) as Answer) : undefined;
    });
    expect(refusal).toMatchObject({
      error_code: 'PERMISSION_DENIED',
      message: expect.stringContaining("belongs to version 1 of the registered model 'wine'"),
    });
    for (const name of ['registered', '']) {
      const deleted = await send(`${api}/artifacts/${asSent(`${root}/${name}`)}`, { method: 'DELETE' });
      expect(deleted.status).toBe(403);
    }
    expect(await (await get('registered/MLmodel')).text()).toBe('model');
    expect((await put('notes.txt', 'more notes')).status).toBe(200);
  });
});

describe('the server', () => {
  it('tells that it answers, and which MLflow it answers like', async () => {
    const texts = await Promise.all(['/health', '/version'].map(async (path) => (await send(path)).text()));
    expect(texts).toEqual(['OK', '3.17.2']);
    const [, info] = await message(await send('/api/3.0/mlflow/server-info'));
    expect(info).toMatchObject({
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: true,
      artifacts_presigned_only: true,
    });
  });
});
