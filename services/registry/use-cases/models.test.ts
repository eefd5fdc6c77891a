import { describe, expect, it } from 'vitest';
import { callerWith, registryWorld } from '#test/doubles/registry.ts';
import { goldenItems } from '../store/golden-items.ts';
import { setAlias } from './change-aliases.ts';
import {
  createModel,
  deleteModel,
  deleteModelTag,
  describeModel,
  renameModel,
  setModelTag,
} from './change-models.ts';
import { createVersion } from './change-versions.ts';
import { modelFor, versionFor } from './model-access.ts';
import { readModel } from './read-models.ts';
import { searchModels, searchVersions } from './search-registry.ts';

const admin = callerWith('admin', '*');
const ann = callerWith('scientist', 'wine', 'ann');
const viewer = callerWith('viewer', 'wine');
const stranger = callerWith('admin', 'cheese');
const search = { filter: undefined, orderBy: [], maxResults: 100, pageToken: undefined };
const s3 = (name: string, n = 1) => ({ name, source: `s3://bucket/${n}`, tags: {} });

describe('a registered model', () => {
  it('belongs to a project, and is told of with who made it', async () => {
    const { deps, told } = registryWorld();
    await createModel(deps, ann, { name: 'wine.lab', tags: { team: 'lab' }, description: 'Tries.' });
    expect((await readModel(deps, viewer, 'wine.lab')).model).toMatchObject({
      project: 'wine',
      description: 'Tries.',
      tags: { team: 'lab' },
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    expect(told()).toEqual([
      {
        type: 'RegisteredModelChanged.v1',
        by: 'ann',
        project: 'wine',
        model: 'wine.lab',
        change: 'created',
        isPrompt: false,
        description: 'Tries.',
        tags: { team: 'lab' },
      },
    ]);
  });

  it('is not there for callers without a role in its project, and not to be changed by viewers', async () => {
    const { deps } = registryWorld();
    await createModel(deps, ann, { name: 'wine.lab', tags: {} });
    await expect(modelFor(deps, stranger, 'viewer', 'wine.lab')).rejects.toMatchObject({
      kind: 'not_found',
      message: 'Registered Model with name=wine.lab not found',
    });
    await expect(setModelTag(deps, viewer, 'wine.lab', 'a', 'b')).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(deleteModel(deps, stranger, 'wine.lab')).rejects.toMatchObject({ kind: 'not_found' });
    expect((await searchModels(deps, stranger, search)).items).toEqual([]);
    expect((await searchModels(deps, stranger, { ...search, filter: "name = 'wine.lab'" })).items).toEqual(
      [],
    );
  });

  it('has a name of its own, which a prompt cannot have too', async () => {
    const { deps } = registryWorld();
    await createModel(deps, ann, { name: 'wine.lab', tags: {} });
    await expect(createModel(deps, ann, { name: 'wine.lab', tags: {} })).rejects.toThrow(
      'Registered Model (name=wine.lab) already exists.',
    );
    const prompt = { name: 'wine.lab', tags: { 'mlflow.prompt.is_prompt': 'true' } };
    await expect(createModel(deps, ann, prompt)).rejects.toThrow(/already taken by a registered model/);
  });

  it('keeps tags and description as they were last set', async () => {
    const { deps, clock } = registryWorld();
    await createModel(deps, ann, { name: 'wine.lab', tags: { a: '1', b: '2' }, description: 'Old.' });
    clock.advanceSeconds(1);
    await Promise.all(
      Array.from({ length: 12 }, (_none, n) => setModelTag(deps, ann, 'wine.lab', `k${n}`, String(n))),
    );
    await deleteModelTag(deps, ann, 'wine.lab', 'a');
    await deleteModelTag(deps, ann, 'wine.lab', 'never there');
    await describeModel(deps, ann, 'wine.lab', '');
    const { model } = await readModel(deps, ann, 'wine.lab');
    expect(Object.keys(model.tags)).toHaveLength(13);
    expect(model.tags).not.toHaveProperty('a');
    expect(model.description).toBeUndefined();
    expect(model.updatedAt).toBe('2026-01-01T00:00:01.000Z');
  });

  it('stays in its project, whatever is tagged', async () => {
    const { deps } = registryWorld();
    await createModel(deps, ann, { name: 'wine.lab', tags: {} });
    await expect(setModelTag(deps, ann, 'wine.lab', 'millrace.project', 'cheese')).rejects.toThrow(
      /belongs to project 'wine' since it was made/,
    );
  });
});

describe('renaming a model', () => {
  it('takes everything along and frees the name', async () => {
    const { deps } = registryWorld();
    await createModel(deps, ann, { name: 'wine.lab', tags: { team: 'lab' } });
    await createVersion(deps, ann, s3('wine.lab'));
    await setAlias(deps, ann, 'wine.lab', 'best', '1');
    await renameModel(deps, ann, 'wine.lab', 'wine.cellar');
    await expect(modelFor(deps, ann, 'viewer', 'wine.lab')).rejects.toThrow(/not found/);
    const overview = await readModel(deps, ann, 'wine.cellar');
    expect(overview).toMatchObject({ aliases: { best: 1 }, latest: [{ modelVersion: 1 }] });
    await createModel(deps, ann, { name: 'wine.lab', tags: {} });
    await createVersion(deps, ann, s3('wine.lab', 2));
    await createVersion(deps, ann, s3('wine.cellar', 3));
    const { items } = await searchVersions(deps, ann, { ...search, orderBy: ['name', 'version_number'] });
    expect(items.map(({ model, entry }) => [model.name, entry.modelVersion, entry.source])).toEqual([
      ['wine.cellar', 1, 's3://bucket/1'],
      ['wine.cellar', 2, 's3://bucket/3'],
      ['wine.lab', 1, 's3://bucket/2'],
    ]);
    await renameModel(deps, ann, 'wine.lab', 'wine.attic');
    await renameModel(deps, ann, 'wine.cellar', 'wine.lab');
    expect((await readModel(deps, ann, 'wine.lab')).model.tags).toEqual({ team: 'lab' });
  });

  it('to a name that is taken is refused', async () => {
    const { deps } = registryWorld();
    for (const name of ['wine.a', 'wine.b']) await createModel(deps, ann, { name, tags: {} });
    await expect(renameModel(deps, ann, 'wine.a', 'wine.b')).rejects.toMatchObject({
      kind: 'already_exists',
    });
  });
});

describe('deleting a model', () => {
  it('takes its versions with it, and begins again at 1 under the same name', async () => {
    const { deps } = registryWorld();
    await createModel(deps, ann, { name: 'wine.lab', tags: {} });
    for (let n = 1; n <= 70; n++) await createVersion(deps, ann, { ...s3('wine.lab', n), runId: 'r' });
    await deleteModel(deps, ann, 'wine.lab');
    await expect(versionFor(deps, ann, 'viewer', 'wine.lab', '1')).rejects.toThrow(
      'Model Version (name=wine.lab, version=1) not found',
    );
    for (const filter of [undefined, "run_id = 'r'", "source_path = 's3://bucket/1'", "name = 'wine.lab'"])
      expect((await searchVersions(deps, ann, { ...search, filter })).items).toEqual([]);
    await createModel(deps, ann, { name: 'wine.lab', tags: {} });
    const { entry } = await createVersion(deps, ann, s3('wine.lab'));
    expect(entry.modelVersion).toBe(1);
  });

  it('or renaming it is refused where the platform trains or serves it', async () => {
    const { deps } = registryWorld();
    await createModel(deps, ann, { name: 'wine', tags: {} });
    await createVersion(deps, ann, s3('wine'));
    await setAlias(deps, callerWith('approver', 'wine'), 'wine', 'champion', '1');
    await expect(deleteModel(deps, ann, 'wine')).rejects.toThrow(/cannot be deleted/);
    await expect(renameModel(deps, ann, 'wine', 'wine.old')).rejects.toThrow(/cannot be renamed/);
  });
});

describe('models of the first release', () => {
  it('are there with what trainings registered, and number on', async () => {
    const { deps, table } = registryWorld();
    const [model] = goldenItems.model;
    const [version] = goldenItems.version;
    await table.put({ ...model, latestVersion: 2 });
    await table.put(version);
    await table.put(goldenItems.alias[0]);
    const tumour = callerWith('approver', 'tumour');
    expect(await readModel(deps, tumour, 'tumour')).toMatchObject({
      model: { latestVersion: 2, tags: {} },
      latest: [{ modelVersion: 2, runId: 'a4245b926e262e8f0677ba09466a7930', status: 'READY' }],
    });
    const { items } = await searchVersions(deps, tumour, { ...search, filter: "name = 'tumour'" });
    expect(items[0]?.entry).toMatchObject({
      source: expect.stringMatching(/^s3:\/\/.*model\.tar\.gz$/),
      tags: { 'millrace.metric.auc': '0.9975' },
    });
    await setModelTag(deps, tumour, 'tumour', 'a', 'b');
    const { entry } = await createVersion(deps, tumour, s3('tumour'));
    expect(entry.modelVersion).toBe(3);
    expect((await searchModels(deps, admin, search)).items).toHaveLength(1);
  });
});
