import { describe, expect, it } from 'vitest';
import type { ModelVersionCreated } from '#events/registry.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { canonicalJson, sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { ContentManifest } from '../domain/content-manifest.ts';
import type { Artifacts, ContentObjects } from '../ports/content.ts';
import { createContentStore } from '../store/content-store.ts';
import { createRegistryStore } from '../store/registry-store.ts';
import { checkObject, checkVersion } from './check-content.ts';
import { recordContent } from './record-content.ts';

const modelsBucket = 'models-bucket';
const folder = 'mlflow/7/r1/artifacts/model';
const mlmodel = `flavors: {xgboost: {data: model.ubj}, python_function: {python_version: 3.11.7}}
model_uuid: u1
signature: {inputs: '[{"type": "double", "name": "a"}]'}`;

/** A bucket in memory that keeps versions, counted as they are written. */
function memoryObjects() {
  const stored = new Map<string, { text: string; versionId: string }>();
  const manifests = new Map<string, ContentManifest>();
  let written = 0;
  let read = 0;
  const objects: ContentObjects = {
    list: async ({ key }, limit) =>
      [...stored]
        .filter(([at]) => at === key || at.startsWith(`${key}/`))
        .map(([at, { text }]) => ({ key: at, bytes: text.length }))
        .slice(0, limit),
    hash: async ({ key }) => {
      const found = stored.get(key);
      if (!found) return undefined;
      read += 1;
      return { sha256: sha256Hex(found.text), bytes: found.text.length, versionId: found.versionId };
    },
    currentVersion: async ({ key }) => stored.get(key)?.versionId,
    text: async ({ key }) => stored.get(key)!.text,
    writeManifest: async (manifest) => {
      const text = canonicalJson(manifest);
      const uri = `s3://${modelsBucket}/registry/content/${sha256Hex(text)}.json`;
      manifests.set(uri, manifest);
      return { uri, sha256: sha256Hex(text), bytes: text.length };
    },
    readManifest: async ({ uri }) => manifests.get(uri)!,
  };
  return {
    objects,
    manifests,
    put: (path: string, text: string) => stored.set(path, { text, versionId: `v${++written}` }),
    remove: (path: string) => stored.delete(path),
    get reads() {
      return read;
    },
  };
}

function setUp() {
  const bucket = memoryObjects();
  bucket.put(`${folder}/MLmodel`, mlmodel);
  bucket.put(`${folder}/model.ubj`, 'trees');
  const table = createMemoryTable();
  const quarantined: unknown[] = [];
  const experiments: Record<string, string> = { 7: 'wine', 8: 'tumour', 0: 'default' };
  const find: Artifacts['find'] = async (of, id) => {
    if (of === 'run')
      return id === 'r1' ? { project: 'wine', artifactUri: 'mlflow-artifacts:/7/r1/artifacts' } : undefined;
    const project = experiments[id];
    return project ? { project, artifactUri: `mlflow-artifacts:/${id}` } : undefined;
  };
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const deps = {
    store: createRegistryStore(table),
    contents: createContentStore(table),
    objects: bucket.objects,
    artifacts: { find },
    meter: { record: (version: unknown) => void quarantined.push(version) },
    modelsBucket,
    clock,
    ids: sequentialIds('ev'),
  };
  const create = (source: string, modelVersion = 1, eventId = `created-${modelVersion}`) => {
    const version: typeof ModelVersionCreated.data._output = {
      project: 'wine',
      model: 'wine',
      modelVersion,
      source,
      createdBy: 'ada',
      tags: {},
    };
    const cause = startingJourney({
      eventId,
      occurredAt: clock.now(),
      project: 'wine',
      actor: { type: 'user', id: 'ada' },
    });
    return recordContent(deps, version, cause, { consumer: 'registry/test', eventId });
  };
  const changed = (path: string) => checkObject(deps, { bucket: modelsBucket, key: `${folder}/${path}` });
  const told = () =>
    table.published.map(({ detailType, detail }) => [detailType, detail.data as Record<string, unknown>]);
  return { bucket, table, deps, create, changed, told, quarantined };
}

const source = `mlflow-artifacts:/${folder.slice('mlflow/'.length)}`;

describe('a version that a client created', () => {
  it('has its bytes recorded and is told of as registered', async () => {
    const { deps, create, told, bucket } = setUp();
    await create(source);
    expect(told()).toEqual([
      [
        'ModelVersionRegistered.v2',
        expect.objectContaining({
          origin: 'client',
          createdBy: 'ada',
          source,
          flavors: ['xgboost', 'python_function'],
          content: expect.objectContaining({ verdict: 'Verified', objects: 2, bytes: mlmodel.length + 5 }),
        }),
      ],
    ]);
    const recorded = await deps.contents.readContent('wine', 1);
    expect(recorded?.mlmodel).toEqual({
      flavors: ['xgboost', 'python_function'],
      signature: { inputs: '[{"type": "double", "name": "a"}]' },
      modelUuid: 'u1',
      pythonVersion: '3.11.7',
    });
    const [manifest] = bucket.manifests.values();
    expect(manifest?.objects).toEqual([
      { path: 'MLmodel', bytes: mlmodel.length, sha256: sha256Hex(mlmodel), versionId: 'v1' },
      { path: 'model.ubj', bytes: 5, sha256: sha256Hex('trees'), versionId: 'v2' },
    ]);
  });

  it('that is told of twice is recorded once', async () => {
    const { create, told } = setUp();
    await create(source);
    await expect(create(source)).rejects.toMatchObject({ code: 'AlreadyConsumed' });
    expect(told()).toHaveLength(1);
  });

  it('has the same digest wherever the same bytes lie', async () => {
    const { bucket, deps, create } = setUp();
    bucket.put('mlflow/0/copy/model.ubj', 'trees');
    bucket.put('mlflow/0/copy/MLmodel', mlmodel);
    await create(source, 1);
    await create('mlflow-artifacts:/0/copy', 2);
    const digests = await Promise.all([1, 2].map((version) => deps.contents.readContent('wine', version)));
    expect(digests[0]?.content.digest).toBe(digests[1]?.content.digest);
  });

  it.each([
    ['a run', 'runs:/r1/model'],
    ['another version', 'models:/wine/9'],
  ])('may name %s as its source', async (_what, named) => {
    const { deps, create } = setUp();
    await create(source, 9);
    await create(named, 1);
    expect(await deps.contents.readContent('wine', 1)).toMatchObject({
      content: { verdict: 'Verified' },
      location: { key: folder },
    });
  });

  it.each([
    ['of another project', 'mlflow-artifacts:/8/r2/artifacts/model', /belongs to project 'tumour'/],
    ['of an unknown experiment', 'mlflow-artifacts:/9/r2/artifacts/model', /no experiment 9/],
    ['of an unknown run', 'runs:/r9/model', /no run r9/],
    ['in a bucket of somebody else', 's3://theirs/model', /outside the platform's artifacts/],
    ['where nothing lies', 'mlflow-artifacts:/7/r1/artifacts/other', /no object at s3:/],
    ['that has no bytes recorded', 'models:/wine/5', /were not recorded/],
  ])('is not verifiable with a source %s', async (_what, named, reason) => {
    const { create, told } = setUp();
    await create(named);
    expect(told()[0]?.[1]).toMatchObject({
      content: { verdict: 'NotVerifiable', reason: expect.stringMatching(reason) },
      flavors: [],
    });
  });

  it('is not verifiable with more objects than can be read', async () => {
    const { bucket, create, told } = setUp();
    for (let i = 0; i < 1000; i++) bucket.put(`${folder}/part-${i}`, 'x');
    await create(source);
    expect(told()[0]?.[1]).toMatchObject({
      content: { verdict: 'NotVerifiable', reason: expect.stringMatching(/more than 1000 objects/) },
    });
  });

  it('without a readable MLmodel is registered without flavors', async () => {
    const { bucket, create, told } = setUp();
    bucket.put(`${folder}/MLmodel`, 'flavors: [');
    await create(source);
    expect(told()[0]?.[1]).toMatchObject({ content: { verdict: 'Verified' }, flavors: [] });
  });
});

describe('bytes behind a version', () => {
  it.each([
    [
      'changed',
      'model.ubj',
      'Changed',
      (b: ReturnType<typeof memoryObjects>) => b.put(`${folder}/model.ubj`, 'treeS'),
    ],
    [
      'removed',
      'model.ubj',
      'Removed',
      (b: ReturnType<typeof memoryObjects>) => b.remove(`${folder}/model.ubj`),
    ],
    ['added', 'evil.py', 'Added', (b: ReturnType<typeof memoryObjects>) => b.put(`${folder}/evil.py`, 'x')],
  ] as const)('that are %s quarantine it, once', async (_what, path, finding, change) => {
    const { bucket, deps, create, changed, told, quarantined } = setUp();
    await create(source);
    change(bucket);
    await changed(path);
    await changed(path);
    expect(told().slice(1)).toEqual([
      [
        'ModelVersionQuarantined.v1',
        expect.objectContaining({ modelVersion: 1, changed: [{ path, finding }] }),
      ],
    ]);
    expect(quarantined).toEqual([{ project: 'wine', model: 'wine', modelVersion: 1 }]);
    expect((await deps.contents.readContent('wine', 1))?.quarantine?.reason).toContain(path);
  });

  it('that are written again as they were change nothing', async () => {
    const { bucket, create, changed, told } = setUp();
    await create(source);
    bucket.put(`${folder}/model.ubj`, 'trees');
    await changed('model.ubj');
    expect(told()).toHaveLength(1);
  });

  it('are not read again while their S3 versions are those that were registered', async () => {
    const { bucket, deps, create } = setUp();
    await create(source);
    const before = bucket.reads;
    await checkVersion(deps, 'wine', 1);
    expect(bucket.reads).toBe(before);
  });

  it('that change while they are read quarantine it at once', async () => {
    const { bucket, deps, create, told } = setUp();
    const { writeManifest } = deps.objects;
    deps.objects = {
      ...deps.objects,
      writeManifest: async (manifest) => {
        bucket.put(`${folder}/model.ubj`, 'other');
        return writeManifest(manifest);
      },
    };
    await create(source);
    expect(told().map(([type]) => type)).toEqual(['ModelVersionRegistered.v2', 'ModelVersionQuarantined.v1']);
  });

  it('of no version concern nobody', async () => {
    const { bucket, create, deps, told } = setUp();
    await create(source);
    bucket.put('mlflow/7/r1/artifacts/model2/x', 'x');
    await checkObject(deps, { bucket: modelsBucket, key: 'mlflow/7/r1/artifacts/model2/x' });
    expect(told()).toHaveLength(1);
  });
});
