import { describe, expect, it } from 'vitest';
import { callerWith, registryWorld } from '#test/doubles/registry.ts';
import { createModel } from './change-models.ts';
import { createVersion, deleteVersionTag, describeVersion, setVersionTag } from './change-versions.ts';
import { versionFor } from './model-access.ts';
import { deleteVersion, moveStage } from './move-stages.ts';
import { latestVersions } from './read-models.ts';
import { searchModels, searchVersions } from './search-registry.ts';

const ann = callerWith('scientist', 'wine', 'ann');
const bob = callerWith('scientist', 'cheese', 'bob');
const search = { filter: undefined, orderBy: [], maxResults: 100, pageToken: undefined };
const from = (source: string, more: object = {}) => ({ name: 'wine.lab', source, tags: {}, ...more });

async function setUp() {
  const world = registryWorld();
  await createModel(world.deps, ann, { name: 'wine.lab', tags: {} });
  const create = (source = 's3://bucket/k', more: object = {}) =>
    createVersion(world.deps, ann, from(source, more));
  return { ...world, create };
}

describe('creating versions', () => {
  it('at the same time gives each a number of its own', async () => {
    const { create } = await setUp();
    const made = await Promise.all(Array.from({ length: 25 }, () => create()));
    expect(made.map(({ entry }) => entry.modelVersion).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_none, index) => index + 1),
    );
  });

  it('never gives a number again', async () => {
    const { deps, create } = await setUp();
    await create();
    await create();
    await deleteVersion(deps, ann, 'wine.lab', '2');
    expect((await create()).entry.modelVersion).toBe(3);
  });

  it('is told of, with all that a check of the bytes needs', async () => {
    const { create, told, places } = await setUp();
    places.set('model m-1', {
      project: 'wine',
      artifactUri: 'mlflow-artifacts:/1/models/m-1',
      sourceRunId: 'r1',
    });
    await create('models:/m-1', { loggedModelId: 'm-1', tags: { a: 'b' } });
    expect(told().at(-1)).toEqual({
      type: 'ModelVersionCreated.v1',
      by: 'ann',
      project: 'wine',
      model: 'wine.lab',
      modelVersion: 1,
      source: 'models:/m-1',
      runId: 'r1',
      modelId: 'm-1',
      tags: { a: 'b' },
      createdBy: 'ann',
    });
  });

  it('takes sources in runs and models that the request names and the caller may read', async () => {
    const { deps, create, places } = await setUp();
    places.set('run r1', { project: 'wine', artifactUri: 'mlflow-artifacts:/1/r1/artifacts' });
    places.set('run r2', { project: 'cheese', artifactUri: 'mlflow-artifacts:/2/r2/artifacts' });
    const inRun = 'mlflow-artifacts:/1/r1/artifacts/model';
    expect((await create(inRun, { runId: 'r1' })).entry).toMatchObject({ runId: 'r1' });
    expect((await create('runs:/r1/model', { runId: 'r1' })).entry).toMatchObject({ runId: 'r1' });
    for (const [source, more] of [
      [inRun, {}],
      [inRun, { runId: 'r2' }],
      [inRun, { runId: 'unknown' }],
      ['mlflow-artifacts:/2/r2/artifacts/model', { runId: 'r2' }],
      ['runs:/r1/model', {}],
      ['runs:/r1/model', { runId: 'r2' }],
      ['runs:/r2/model', { runId: 'r2' }],
      ['models:/m-1', {}],
      ['models:/m-1', { loggedModelId: 'm-1' }],
    ] as const)
      await expect(create(source, more)).rejects.toMatchObject({ code: 'InvalidSource' });
    await expect(createVersion(deps, bob, from('s3://bucket/k'))).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  it('copies another version by number, alias or stage, with its origin', async () => {
    const { deps, create } = await setUp();
    await create('s3://bucket/first', { runId: 'r1' });
    const copy = await create('models:/wine.lab/1');
    expect(copy.entry).toMatchObject({
      source: 'models:/wine.lab/1',
      storageLocation: 's3://bucket/first',
      runId: 'r1',
    });
    expect((await create('models:/wine.lab/latest')).entry.source).toBe('models:/wine.lab/2');
    await expect(create('models:/wine.lab/1', { runId: 'other' })).rejects.toThrow(/must match/);
    await expect(create('models:/wine.lab@none')).rejects.toThrow(/alias none not found/);
    await createModel(deps, bob, { name: 'cheese.lab', tags: {} });
    await createVersion(deps, bob, { name: 'cheese.lab', source: 's3://bucket/k', tags: {} });
    await expect(create('models:/cheese.lab/1')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a version', () => {
  it('is changed by its project alone', async () => {
    const { deps, create, told } = await setUp();
    await create();
    await describeVersion(deps, ann, 'wine.lab', '1', 'Good.');
    await setVersionTag(deps, ann, 'wine.lab', '1', 'k', 'v');
    await deleteVersionTag(deps, ann, 'wine.lab', '1', 'k');
    expect(told().slice(-3)).toMatchObject([
      { change: 'updated', description: 'Good.' },
      { change: 'tagged', tag: { key: 'k', value: 'v' } },
      { change: 'untagged', tag: { key: 'k' } },
    ]);
    await expect(setVersionTag(deps, bob, 'wine.lab', '1', 'k', 'v')).rejects.toMatchObject({
      kind: 'not_found',
    });
    await expect(setVersionTag(deps, ann, 'wine.lab', '9', 'k', 'v')).rejects.toThrow(
      'Model Version (name=wine.lab, version=9) not found',
    );
    await expect(versionFor(deps, ann, 'viewer', 'wine.lab', 'one')).rejects.toThrow(/must be an integer/);
  });

  it('that is deleted is found nowhere, and says nothing of where it was', async () => {
    const { deps, create, table } = await setUp();
    await create('s3://bucket/secret-place', { runId: 'r1', description: 'Secret.' });
    await deleteVersion(deps, ann, 'wine.lab', '1');
    for (const filter of [
      undefined,
      "name = 'wine.lab'",
      "run_id = 'r1'",
      "source_path = 's3://bucket/secret-place'",
    ])
      expect((await searchVersions(deps, ann, { ...search, filter })).items).toEqual([]);
    const kept = table.items().filter(({ pk }) => !pk.startsWith('OUTBOX#'));
    expect(JSON.stringify(kept)).not.toMatch(/secret/i);
    await expect(deleteVersion(deps, ann, 'wine.lab', '1')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('stages', () => {
  it('are moved in any case, and archive who was there if asked to', async () => {
    const { deps, create } = await setUp();
    for (let n = 1; n <= 3; n++) await create();
    const move = (version: string, stage: string, archiveExisting = false) =>
      moveStage(deps, ann, { name: 'wine.lab', version, stage, archiveExisting });
    await move('1', 'production');
    await move('2', 'PRODUCTION', true);
    const latest = async (...stages: string[]) =>
      (await latestVersions(deps, ann, 'wine.lab', stages)).latest.map(({ modelVersion, stage }) => [
        stage,
        modelVersion,
      ]);
    expect(await latest()).toEqual([
      ['None', 3],
      ['Production', 2],
      ['Archived', 1],
    ]);
    expect(await latest('archived')).toEqual([['Archived', 1]]);
    await expect(move('1', 'Archived', true)).rejects.toThrow(/is not an Active stage/);
    await expect(move('1', 'Live')).rejects.toThrow(
      'Invalid Model Version stage: Live. Value must be one of None, Staging, Production, Archived.',
    );
    await deleteVersion(deps, ann, 'wine.lab', '2');
    expect(await latest()).toEqual([
      ['None', 3],
      ['Archived', 1],
    ]);
  });
});

describe('searching', () => {
  it('pages through versions in the order that was asked for, each once', async () => {
    const { deps, create } = await setUp();
    for (let n = 1; n <= 7; n++) await create(`s3://bucket/${n}`);
    const seen: number[] = [];
    let pageToken: string | undefined;
    do {
      const page = await searchVersions(deps, ann, {
        ...search,
        filter: "name = 'wine.lab' AND version_number > 1",
        orderBy: ['version_number DESC'],
        maxResults: 2,
        pageToken,
      });
      seen.push(...page.items.map(({ entry }) => entry.modelVersion));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen).toEqual([7, 6, 5, 4, 3, 2]);
    await expect(searchVersions(deps, ann, { ...search, maxResults: 0 })).rejects.toThrow(/max_results/);
    await expect(searchModels(deps, ann, { ...search, maxResults: 1001 })).rejects.toThrow(/at most 1000/);
  });

  it('hides prompts unless the filter asks for them', async () => {
    const { deps } = await setUp();
    const tags = { 'mlflow.prompt.is_prompt': 'true', 'mlflow.prompt.text': 'Hi' };
    await createModel(deps, ann, { name: 'wine.letter', tags: { 'mlflow.prompt.is_prompt': 'true' } });
    await createVersion(deps, ann, { name: 'wine.letter', source: 'dummy-source', tags });
    await expect(
      createVersion(deps, ann, { name: 'wine.letter', source: 's3://bucket/k', tags }),
    ).rejects.toThrow(/Invalid prompt source/);
    const names = async (filter?: string) =>
      (await searchModels(deps, ann, { ...search, filter })).items.map(({ model }) => model.name);
    expect(await names()).toEqual(['wine.lab']);
    expect(await names("name = 'wine.letter'")).toEqual([]);
    expect(await names("tags.`mlflow.prompt.is_prompt` = 'true'")).toEqual(['wine.letter']);
    expect(await names("name = 'wine.letter' AND tags.`mlflow.prompt.is_prompt` = 'true'")).toEqual([
      'wine.letter',
    ]);
    expect((await searchVersions(deps, ann, search)).items).toEqual([]);
    const prompts = await searchVersions(deps, ann, {
      ...search,
      filter: "name = 'wine.letter' AND tags.`mlflow.prompt.is_prompt` = 'true'",
    });
    expect(prompts.items.map(({ entry }) => entry.tags['mlflow.prompt.text'])).toEqual(['Hi']);
  });
});
