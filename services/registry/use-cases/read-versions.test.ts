import { describe, expect, it } from 'vitest';
import { modelVersion } from '#services/registry/contract.ts';
import { callerWith, registryWorld } from '#test/doubles/registry.ts';
import { createContentStore } from '../store/content-store.ts';
import { setAlias } from './change-aliases.ts';
import { createModel } from './change-models.ts';
import { createVersion } from './change-versions.ts';
import { deleteVersion } from './move-stages.ts';
import { findVersion, listVersions, readVersion } from './read-versions.ts';

const ann = callerWith('approver', 'wine', 'ann');

async function setUp() {
  const { table, clock, deps } = registryWorld();
  const contents = createContentStore(table);
  await createModel(deps, ann, { name: 'wine', tags: {} });
  const create = (tags: Record<string, string> = {}) =>
    createVersion(deps, ann, { name: 'wine', source: 's3://bucket/k', tags });
  const record = (number: number) =>
    contents.saveContent(
      {
        project: 'wine',
        modelId: 'wine',
        modelVersion: number,
        source: 's3://bucket/k',
        content: { verdict: 'Verified', digest: 'd'.repeat(64) },
        mlmodel: { flavors: ['xgboost'] },
        recordedAt: clock.now().toISOString(),
      },
      [],
      { consumer: 'test', eventId: `recorded-${number}` },
    );
  return { deps: { ...deps, contents }, clock, create, record };
}

describe('a version that a client registered', () => {
  it('is read with where it came from and what was found there, once somebody has looked', async () => {
    const { deps, create, record } = await setUp();
    await create({ 'millrace.imported.from': 'http://elsewhere' });
    const before = await readVersion(deps, 'wine', 1);
    expect(before).toEqual({
      project: 'wine',
      model: 'wine',
      modelVersion: 1,
      origin: 'client',
      source: 's3://bucket/k',
      createdBy: 'ann',
      importedFrom: 'http://elsewhere',
      flavors: [],
      status: 'READY',
      createdAt: '2026-01-01T00:00:00.000Z',
      aliases: [],
    });
    await record(1);
    const after = await readVersion(deps, 'wine', 1);
    expect(after).toMatchObject({ content: { verdict: 'Verified' }, flavors: ['xgboost'] });
    expect(modelVersion.parse(after)).toEqual(after);
  });

  it('is found by its alias', async () => {
    const { deps, create } = await setUp();
    await create();
    await setAlias(deps, ann, 'wine', 'champion', '1');
    expect(await findVersion(deps, { project: 'wine', alias: 'champion' })).toMatchObject({
      modelVersion: 1,
      origin: 'client',
      aliases: ['champion'],
    });
  });

  it('shows its quarantine, and why', async () => {
    const { deps, create } = await setUp();
    const { model } = await create();
    const entry = (await deps.versions.read(model, 1))!;
    await deps.versions.update(entry, { ...entry, status: 'QUARANTINED', reason: 'a file changed' }, []);
    expect(await readVersion(deps, 'wine', 1)).toMatchObject({
      status: 'QUARANTINED',
      statusReason: 'a file changed',
    });
  });

  it('is not there any more once it was deleted', async () => {
    const { deps, create } = await setUp();
    await create();
    await deleteVersion(deps, ann, 'wine', '1');
    expect((await listVersions(deps, 'wine', undefined)).items).toEqual([]);
  });
});

describe('the list of a project’s versions', () => {
  it('leads through all of them, newest first, each once', async () => {
    const { deps, create } = await setUp();
    for (let i = 0; i < 120; i++) await create();
    const numbers: number[] = [];
    let pageToken: string | undefined;
    do {
      const page = await listVersions(deps, 'wine', pageToken);
      numbers.push(...page.items.map((version) => version.modelVersion));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(numbers).toEqual(Array.from({ length: 120 }, (_none, index) => 120 - index));
  });

  it('takes no token of another list', async () => {
    const { deps } = await setUp();
    const foreign = Buffer.from('{"pk":"a","sk":"b"}').toString('base64url');
    await expect(listVersions(deps, 'wine', foreign)).rejects.toMatchObject({ code: 'InvalidPageToken' });
  });

  it('is of the project’s own model: one of that name of another project is none', async () => {
    const { deps, create } = await setUp();
    await create();
    await createModel(deps, callerWith('scientist', '*'), {
      name: 'beer',
      tags: { 'millrace.project': 'wine' },
    });
    await createVersion(deps, callerWith('scientist', '*'), { name: 'beer', source: 's3://b/k', tags: {} });
    expect((await listVersions(deps, 'beer', undefined)).items).toEqual([]);
  });
});
