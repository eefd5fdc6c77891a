import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrainingSetBuilt } from '#events/feature-store.ts';
import * as datasets from '#services/datasets/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-versions-'));
const file = (more = '') => `name: people
owners: [ada]
data:
  primaryKey: id
  columns:
    id: { type: string, sensitive: true }
    x: { type: number }
    y: { type: integer, allowed: [0, 1] }
  datasheet: { owner: ada, sensitivity: personal, licence: CC-BY-4.0 }
${more}target: { column: y, task: binary_classification }
training: { onNewData: never }
`;
const project = 'people';
const params = { project };
const csv = (...rows: readonly string[]) => `id,x,y\n${rows.join('\n')}\n`;
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_none, index) => `p${from + index},${from + index},${index % 2}`);

/** Uploads one after the other, so that versions are a second apart. */
async function upload(name: string, content: string | Uint8Array): Promise<void> {
  const key = `incoming/${project}/${name}`;
  await platform.upload(key, content);
  await platform.eventually(`what became of ${key}`, async () => {
    const { body } = await platform.call(datasets.listUploads, { params });
    return body.items.find((item) => item.key === key);
  });
  await new Promise((resolve) => setTimeout(resolve, 1100));
}

/** The command, as a person would run it. */
function millrace(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { platformUrl } = platform.runtime.endpoints;
  const bin = path.resolve(import.meta.dirname, '../../scripts/cli/bin.mjs');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...args, '--url', platformUrl],
      { env: { ...process.env, NO_COLOR: '1' } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}
const versions = async () =>
  (await platform.call(datasets.listDatasetVersions, { params })).body.items.toReversed();
const versionKeys = async (bucket: 'data' | 'uploads', prefix: string): Promise<string[]> => {
  const { awsUrl: endpoint, region, credentials, buckets } = platform.runtime.endpoints;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const page = await s3.send(new ListObjectVersionsCommand({ Bucket: buckets[bucket], Prefix: prefix }));
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key }) => Key!);
};

const second = gzipSync(csv('p1,100,1', 'secret-person,7,1', ...range(120, 150)));
let times: string[];

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params, body: file() });
  await upload('first.csv', csv(...range(0, 120)));
  await upload('second.csv.gz', second);
  await upload('third.csv', csv('p2,2,1', ...range(150, 170)));
  times = (await versions()).map(({ createdAt }) => createdAt);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await platform.close();
});

describe('a version', () => {
  it('is the one that was current at an instant', async () => {
    const at = async (instant: string) =>
      (await platform.call(datasets.listDatasetVersions, { params, query: { at: instant } })).body.items.map(
        ({ datasetVersion }) => datasetVersion,
      );
    expect(await Promise.all(times.map(at))).toEqual([[1], [2], [3]]);
    expect(await at('2020-01-01T00:00:00+02:00')).toEqual([]);
    expect(await at('2126-01-01T00:00:00Z')).toEqual([3]);
  });

  it('is shown with its tags, datasheet and use', async () => {
    const read = { params: { project, datasetVersion: 2 } };
    const { body } = await platform.call(datasets.readDatasetVersion, read);
    expect(body).toMatchObject({ tags: [], trainedOn: false, datasheet: { sensitivity: 'personal' } });
    expect(
      (await platform.call(datasets.readDatasetVersion, { params: { project, datasetVersion: 9 } })).problem
        .code,
    ).toBe('DatasetVersionNotFound');
  });

  it('differs from an older one by rows, and shows no sensitive value', async () => {
    const first = await millrace('data', 'diff', project, '1', '2', '--exit-code', '--json');
    expect(first.code, first.err).toBe(1);
    const diff = JSON.parse(first.out) as Record<string, unknown>;
    expect(diff).toMatchObject({
      comparedBy: 'primaryKey',
      rowsAdded: 31,
      rowsRemoved: 0,
      rowsChanged: 1,
      rowsUnchanged: 119,
      changedValues: { x: 1 },
    });
    expect(first.out).not.toContain('secret-person');
    const shown = await millrace('data', 'diff', project, '1', '2');
    expect(shown.out).toContain('+ 31 added');
    expect((await millrace('data', 'diff', project, '2', '1')).code).toBe(2);
  });

  it('keeps a tag, which moves and goes', async () => {
    expect((await millrace('data', 'tag', project, 'golden', '1')).out).toContain('on version 1.');
    expect((await millrace('data', 'tag', project, 'golden', '2')).out).toContain('was on version 1');
    expect((await millrace('data', 'versions', project)).out).toMatch(/2 .*golden/);
    expect((await millrace('data', 'tag', project, 'golden', '9')).err).toContain('DatasetVersionNotFound');
    expect((await millrace('data', 'untag', project, 'none')).err).toContain('DatasetTagNotFound');
    await millrace('data', 'tag', project, 'passing', '1');
    expect((await millrace('data', 'untag', project, 'passing')).code).toBe(0);
    const { body } = await platform.call(datasets.listDatasetTags, { params });
    expect(body.items).toMatchObject([{ tag: 'golden', datasetVersion: 2 }]);
  });

  it('is checked out to files, goes on where it was, and becomes another', async () => {
    const output = path.join(folder, 'checkout');
    const checkout = (...more: string[]) =>
      millrace('data', 'checkout', project, '--output', output, '--json', ...more);
    const fetched = await checkout('--tag', 'golden');
    expect(fetched.code, fetched.err).toBe(0);
    expect(JSON.parse(fetched.out)).toMatchObject({ datasetVersion: 2, fetched: 2, kept: 0 });
    expect(readFileSync(path.join(output, 'second.csv.gz')).equals(second)).toBe(true);
    writeFileSync(path.join(output, 'first.csv'), 'damaged');
    expect(JSON.parse((await checkout('--version', '3')).out)).toMatchObject({ fetched: 2, kept: 1 });
    expect(JSON.parse((await checkout('--at', times[0]!)).out)).toMatchObject({ kept: 1, removed: 2 });
    expect(existsSync(path.join(output, 'third.csv'))).toBe(false);
    const marker = JSON.parse(readFileSync(path.join(output, '.millrace-checkout.json'), 'utf8')) as object;
    expect(marker).toMatchObject({ project, datasetVersion: 1, files: { 'first.csv': expect.any(String) } });
    expect((await millrace('data', 'checkout', project, '--output', folder)).code).toBe(2);
  });
});

describe('an erasure', () => {
  it('rewrites every version, deletes what the rows were in, and certifies it', async () => {
    await platform.upload(`incoming/${project}/again/rows.csv.gz`, second);
    await upload('again/_SUCCESS', '');
    const before = await versions();
    const refused = await millrace('data', 'erase', project, '--key', 'secret-person', '--reason', 'GDPR 17');
    expect(refused.err).toContain('--confirm people');
    const erased = await millrace(
      ...['data', 'erase', project, '--key', 'secret-person', 'p3', 'nobody', '--reason', 'GDPR 17'],
      ...['--confirm', project, '--json'],
    );
    expect(erased.code, erased.err).toBe(0);
    const { certificateText: certificate, erasureId } = JSON.parse(erased.out) as {
      certificateText: {
        versions: { contentSha256Before: string; rowsErased: number }[];
        keyDigests: string[];
      };
      erasureId: string;
    };
    expect(certificate).toMatchObject({
      // The folder brought what was there already, and became no version.
      uploadsDeleted: ['again/rows.csv.gz', 'first.csv', 'second.csv.gz'].map(
        (file) => `incoming/people/${file}`,
      ),
      versions: before.map(({ contentSha256 }) => ({ contentSha256Before: contentSha256 })),
    });
    expect(certificate.versions.map(({ rowsErased }) => rowsErased)).toEqual([1, 2, 2]);
    expect(certificate.keyDigests[0]).toBe(sha256Hex(`${erasureId}\nsecret-person`));
    const after = await versions();
    expect(after.map(({ rows }) => rows)).toEqual([119, 150, 171]);
    expect(after[2]!.erasures).toMatchObject([{ erasureId, contentSha256Before: before[2]!.contentSha256 }]);
  });

  it('leaves no S3 version of them, and files of the same kind', async () => {
    expect(await versionKeys('uploads', `incoming/${project}/`)).toEqual(
      ['again/_SUCCESS', 'third.csv'].map((file) => `incoming/${project}/${file}`),
    );
    expect(await versionKeys('data', `datasets/${project}/diffs/`)).toEqual([]);
    const { body } = await platform.call(datasets.listDatasetFiles, {
      params: { project, datasetVersion: 3 },
    });
    expect(await versionKeys('data', `datasets/${project}/objects/`)).toHaveLength(body.items.length);
    const contents = await Promise.all(
      body.items.map(async ({ url }) => Buffer.from(await (await fetch(url)).arrayBuffer())),
    );
    expect(gunzipSync(contents[1]!).toString()).toBe(csv('p1,100,1', ...range(120, 150)));
    expect(contents[0]!.toString()).toBe(csv(...range(0, 120).filter((row) => !row.startsWith('p3,'))));
  });

  it('is refused while another one works', async () => {
    const body = { primaryKeys: ['nobody'], reason: 'GDPR 17' };
    const request = () => platform.call(datasets.requestErasure, { params, body });
    const { documents } = new Operator(platform);
    const working = { pk: `PROJECT#${project}`, sk: 'ERASING' };
    const TableName = 'millrace-local-datasets';
    const since = new Date().toISOString();
    const Item = { ...working, schemaVersion: 1, erasureId: 'another', since };
    await documents.send(new PutCommand({ TableName, Item }));
    expect((await request()).status).toBe(409);
    await documents.send(new DeleteCommand({ TableName, Key: working }));
    const { status, body: accepted } = await request();
    expect(status).toBe(202);
    const { erasureId } = accepted;
    await platform.eventually('its end', async () => {
      const read = { params: { project, erasureId } };
      return (await platform.call(datasets.readErasure, read)).body.status === 'done' || undefined;
    });
    const keys = (await versionKeys('data', `datasets/${project}/erasures/`)).filter((key) =>
      key.endsWith('/keys.json'),
    );
    expect(keys, 'the keys of the refused one are gone').toHaveLength(2);
  });

  it('is listed, and read again by who may', async () => {
    expect((await millrace('data', 'erasures', project)).out).toMatch(/done +3 +2/);
    const scientist = { id: 'eve', grants: [{ project, role: 'scientist' as const }] };
    expect((await platform.call(datasets.listErasures, { params, as: scientist })).status).toBe(403);
  });
});

describe('retention', () => {
  it('removes what nobody keeps, and says so to who asks for it', async () => {
    await platform.publish(
      TrainingSetBuilt.create(
        startingJourney({
          eventId: 'built',
          occurredAt: new Date(),
          project,
          actor: { type: 'service', id: 'test' },
        }),
        {
          project,
          trainingSetId: 'set-1',
          datasetVersion: 1,
          asOf: '2126-01-01T00:00:00.000Z',
          contentSha256: sha256Hex('set'),
          rows: { train: 1, validation: 1, test: 1 },
          featureNames: ['x'],
        },
      ),
    );
    await platform.eventually('what the version is used by', async () => {
      const { body } = await platform.call(datasets.readDatasetVersion, {
        params: { project, datasetVersion: 1 },
      });
      return body.trainedOn || undefined;
    });
    await platform.call(applyProject, {
      params,
      body: file('  uploads: replace\n  retention: { keepVersions: 1 }\n'),
    });
    await upload('fourth.csv', csv(...range(0, 60)));
    await upload('fifth.csv', csv(...range(0, 70)));
    await platform.invoke('datasets', 'every-day', {});
    expect(
      (await versions()).flatMap(({ datasetVersion, expiredAt }) => (expiredAt ? [datasetVersion] : [])),
    ).toEqual([3, 4]);
    const gone = await platform.call(datasets.listDatasetFiles, { params: { project, datasetVersion: 4 } });
    expect(gone.problem).toMatchObject({
      code: 'DatasetVersionGone',
      detail: expect.stringContaining('tag'),
    });
    const kept = await millrace(
      'data',
      'checkout',
      project,
      '--tag',
      'golden',
      '--output',
      path.join(folder, 'kept'),
    );
    expect(kept.code, kept.err).toBe(0);
    const objects = await versionKeys('data', `datasets/${project}/objects/`);
    expect(objects).toHaveLength(3);
    const removals = await versionKeys('data', `datasets/${project}/removals/`);
    expect(removals).toEqual([]);
  });
});
