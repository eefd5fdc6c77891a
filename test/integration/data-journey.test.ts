import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as datasets from '#services/datasets/contract.ts';
import { buildTrainingSet, trainingSet } from '#services/feature-store/contract.ts';
import * as projects from '#services/projects/contract.ts';
import { readValidation } from '#services/validation/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const projectFile = (name: string, more = '') => `name: ${name}
owners: [ada]
data:
  primaryKey: id
  columns:
    id: { type: string }
    x: { type: number, min: 0 }
    y: { type: integer, allowed: [0, 1] }
target: { column: y, task: binary_classification }
training: { onNewData: never }
${more}`;
const rowsOf = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `r${from + i},${(from + i) % 97},${(from + i) % 2}`);
const csv = (...rows: readonly string[]) => `id,x,y\n${rows.join('\n')}\n`;

const s3 = () => {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
};
const read = async ({ uri }: StoredObject): Promise<Buffer> => {
  const { bucket, key } = parseS3Uri(uri);
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from(await Body!.transformToByteArray());
};
const apply = (name: string, more?: string) =>
  platform.call(projects.applyProject, { params: { project: name }, body: projectFile(name, more) });
const uploads = async (project: string) =>
  (await platform.call(datasets.listUploads, { params: { project } })).body.items;
const handled = (project: string, key: string) =>
  platform.eventually(`what became of ${key}`, async () =>
    (await uploads(project)).find((upload) => upload.key === key),
  );
const put = async (project: string, file: string, content: string) => {
  const key = `incoming/${project}/${file}`;
  await platform.upload(key, content);
  return handled(project, key);
};
const validated = (project: string, datasetVersion: number) =>
  platform.eventually(`the validation of version ${datasetVersion}`, async () => {
    const params = { project, datasetVersion };
    const { status, body } = await platform.call(readValidation, { params });
    return status === 200 ? body : undefined;
  });

beforeAll(() => platform.start());
afterAll(() => platform.close());

describe('a project file over HTTP', () => {
  const send = (name: string, text: string) =>
    fetch(`${platform.runtime.endpoints.platformUrl}/v1/projects/${name}`, { method: 'PUT', body: text });

  it('is refused with line, column and cure', async () => {
    const answer = await send('wine', projectFile('wine').replace('primaryKey', 'primarykey'));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'InvalidProject',
      violations: expect.arrayContaining([
        expect.objectContaining({
          line: 4,
          column: 3,
          message: expect.stringContaining("did you mean 'primaryKey'?"),
        }),
      ]),
    });
  });

  it('becomes a revision when its content is new, and only then', async () => {
    const answers = [
      await apply('revised'),
      await apply('revised', '# a comment\n'),
      await apply('revised', 'description: Now described.\n'),
    ];
    expect(answers.map(({ body }) => [body.revision, body.changed])).toEqual([
      [1, true],
      [1, false],
      [2, true],
    ]);
    expect(Object.keys(answers[2]!.body.definition.data.columns)).toEqual(['id', 'x', 'y']);
  });

  it('names a project that lists and other services know', async () => {
    await apply('listed');
    const { body } = await platform.call(projects.listProjects, { params: {} });
    expect(body.items.map(({ project }) => project)).toContain('listed');
    const viewer = { id: 'eve', grants: [{ project: 'other', role: 'viewer' as const }] };
    expect((await platform.call(projects.listProjects, { params: {}, as: viewer })).body.items).toEqual([]);
    expect(
      await platform.invoke('projects', 'query', { query: 'list-project-names', input: {} }),
    ).toMatchObject({
      ok: true,
      output: { projects: expect.arrayContaining(['listed']) },
    });
  });

  it('is refused when there is none', async () => {
    expect((await platform.call(projects.applyProject, { params: { project: 'wine' } })).problem.code).toBe(
      'ProjectFileEmpty',
    );
  });
});

describe('an upload', () => {
  beforeAll(() => apply('uploads'));

  it('takes a presigned address, becomes a version and is validated', async () => {
    const content = csv(...rowsOf(0, 120));
    const { body: address } = await platform.call(datasets.createUpload, {
      params: { project: 'uploads' },
      body: { fileName: 'rows.csv', bytes: content.length },
    });
    const sent = await fetch(address.url, { method: address.method, body: content });
    expect(sent.status).toBe(200);
    expect(await handled('uploads', address.key)).toMatchObject({ status: 'created', datasetVersion: 1 });
    expect(await validated('uploads', 1)).toMatchObject({ verdict: 'Pass', rows: 120, quarantinedRows: 0 });
  });

  it('cannot be larger than was said when the address was asked for', async () => {
    const { body: address } = await platform.call(datasets.createUpload, {
      params: { project: 'uploads' },
      body: { fileName: 'rows.csv', bytes: 10 },
    });
    const sent = await fetch(address.url, { method: 'PUT', body: 'x'.repeat(11) });
    expect(sent.status).toBe(403);
  });

  it('of the same content makes no version', async () => {
    expect(await put('uploads', 'again.csv', csv(...rowsOf(0, 120)))).toMatchObject({
      status: 'unchanged',
      datasetVersion: 1,
    });
  });

  it('with some bad rows is a version whose bad rows are in quarantine', async () => {
    await put('uploads', 'some-bad.csv', csv(...rowsOf(200, 100), 'bad,-1,7'));
    const report = await validated('uploads', 2);
    expect(report).toMatchObject({ verdict: 'Warn', rows: 221, quarantinedRows: 1 });
    expect((await read(report.quarantine!)).subarray(0, 4).toString()).toBe('PAR1');
    const newest = { query: 'get-validation', input: { project: 'uploads' } };
    expect(await platform.invoke('validation', 'query', newest)).toMatchObject({
      ok: true,
      output: { datasetVersion: 2 },
    });
    const { checks } = report;
    expect(checks.filter(({ passed }) => !passed).map(({ check, column }) => `${check} ${column}`)).toEqual([
      'range x',
      'allowed y',
    ]);
  });

  it('with too many bad rows fails validation and has no validated rows', async () => {
    await apply('failing');
    await put(
      'failing',
      'bad.csv',
      csv(...rowsOf(0, 80), ...rowsOf(100, 20).map((row) => row.replace(',', ',-'))),
    );
    const report = await validated('failing', 1);
    expect(report.verdict).toBe('Fail');
    expect(report.validated).toBeUndefined();
  });

  it.each([
    ['truncated', csv(...rowsOf(0, 5)).slice(0, -3), 'TruncatedUpload'],
    ['ragged', csv('a,1,0', 'b,1', 'c,1,1'), 'UnreadableUpload'],
    ['lacking a column', 'id,x\na,1\n', 'MissingColumns'],
    ['empty', '', 'EmptyUpload'],
  ])('that is %s is rejected with a reason', async (what, content, code) => {
    const upload = await put('uploads', `${what.replaceAll(' ', '-')}.csv`, content);
    expect(upload).toMatchObject({ status: 'rejected', reasons: [{ code }] });
  });

  it('for an unknown project is rejected', async () => {
    expect(await put('nobody', 'rows.csv', csv('a,1,0'))).toMatchObject({
      reasons: [{ code: 'UnknownProject' }],
    });
  });

  it('comes with others at once, and each is one version', async () => {
    await apply('racing');
    await Promise.all([1, 2, 3, 4].map((n) => put('racing', `${n}.csv`, csv(...rowsOf(n * 100, 10)))));
    const { body } = await platform.call(datasets.listDatasetVersions, { params: { project: 'racing' } });
    expect(body.items.map(({ datasetVersion, rows }) => [datasetVersion, rows])).toEqual([
      [4, 40],
      [3, 30],
      [2, 20],
      [1, 10],
    ]);
  });

  it('told of twice and in the wrong order changes nothing more', async () => {
    await apply('replayed');
    const key = 'incoming/replayed/rows.csv';
    await put('replayed', 'rows.csv', csv(...rowsOf(0, 10)));
    const bucket = platform.runtime.endpoints.buckets['uploads']!;
    const { Versions } = await s3().send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
    const told = (sequencer: string) =>
      platform.invoke('datasets', 'on-object-created', {
        id: 'replay',
        time: '2026-01-01T00:00:00Z',
        'detail-type': 'Object Created',
        detail: {
          bucket: { name: bucket },
          object: { key, sequencer, 'version-id': Versions![0]!.VersionId },
        },
      });
    await told('00');
    await told('FFFFFFFFFFFFFFFFFFFF');
    await platform.upload(key, csv(...rowsOf(0, 10)));
    await platform.eventually('what became of the same content again', async () =>
      (await uploads('replayed')).length > 1 ? true : undefined,
    );
    await told('00');
    expect((await uploads('replayed')).map(({ status }) => status).sort()).toEqual(['created', 'unchanged']);
  });
});

describe('an upload that is gone before it is read', () => {
  it('is rejected with a reason', async () => {
    await apply('gone');
    const key = 'incoming/gone/rows.csv';
    const Bucket = platform.runtime.endpoints.buckets['uploads']!;
    // S3 gives ids like this one; no write has it any more.
    const VersionId = 'gone0gone0gone0gone0gone0gone0go';
    await platform.invoke('datasets', 'on-object-created', {
      id: 'late',
      time: '2126-01-01T00:00:00Z',
      'detail-type': 'Object Created',
      detail: { bucket: { name: Bucket }, object: { key, sequencer: 'FFFF', 'version-id': VersionId } },
    });
    expect((await uploads('gone'))[0]).toMatchObject({ reasons: [{ code: 'UnreadableUpload' }] });
  });
});

describe('a training set', () => {
  const task = (input: object) =>
    platform.invoke('feature-store', buildTrainingSet.handler, {
      context: {
        metadata: startingJourney({
          eventId: 'test',
          occurredAt: new Date(),
          project: 'sets',
          actor: { type: 'user', id: 'ada' },
        }),
        executionArn: 'arn:aws:states:us-east-1:000000000000:execution:training:test',
      },
      input,
    });
  const asOf = '2126-01-01T00:00:00.000Z';
  const input = { project: 'sets', projectRevision: 1, datasetVersion: 1, asOf };

  beforeAll(async () => {
    await apply('sets');
    await put('sets', 'rows.csv', csv(...rowsOf(0, 400)));
    await validated('sets', 1);
  });

  it('is built once, split, and what is stored is what its hashes say', async () => {
    const built = trainingSet.parse(await task(input));
    expect(built.rows.train + built.rows.validation + built.rows.test).toBe(400);
    expect(built.signature).toMatchObject({ inputs: [{ name: 'x', type: 'number' }], classes: ['0', '1'] });
    for (const part of [
      built.train,
      built.validation,
      built.testFeatures,
      built.testLabels,
      built.trainFeatures,
    ]) {
      expect(
        createHash('sha256')
          .update(await read(part))
          .digest('hex'),
      ).toBe(part.sha256);
    }
    expect(await task(input)).toEqual(built);
  });

  it('of the same rows has the same bytes, whatever it is named', async () => {
    const [one, other] = [await task(input), await task({ ...input, asOf: '2126-01-02T00:00:00.000Z' })].map(
      (set) => trainingSet.parse(set),
    );
    expect(other!.trainingSetId).not.toBe(one!.trainingSetId);
    expect(other!.contentSha256).toBe(one!.contentSha256);
  });

  it.each([
    ['a version that there is not', { datasetVersion: 9 }, /^(DatasetVersion|Validation)NotFound$/],
    ['a revision that there is not', { projectRevision: 9 }, /RevisionNotFound/],
    ['an instant before any row was known', { asOf: '2020-01-01T00:00:00.000Z' }, /NoTrainingRows/],
    ['no instant', { asOf: 'yesterday' }, /InvalidTaskInput/],
  ])('refuses %s', async (_what, changed, name) => {
    await expect(task({ ...input, ...changed })).rejects.toMatchObject({ name: expect.stringMatching(name) });
  });
});
