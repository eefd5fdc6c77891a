import { describe, expect, it } from 'vitest';
import { modelVersion, registerModelVersion as task } from '#services/registry/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createContentStore } from '../store/content-store.ts';
import { createModelStore } from '../store/model-store.ts';
import { createRegistryStore } from '../store/registry-store.ts';
import { createVersionStore } from '../store/version-store.ts';
import { moveAlias } from './move-alias.ts';
import { findVersion, listVersions, readVersion } from './read-versions.ts';
import { registerModelVersion } from './register-model-version.ts';

const object = { uri: 's3://models/a/model.tar.gz', sha256: 'a'.repeat(64), bytes: 10 };

function registration(trainingId: string, columns = 3, nameLength = 10) {
  return task.input.parse({
    project: 'tumour',
    model: 'tumour',
    runId: 'f'.repeat(32),
    trainingId,
    artifact: object,
    trainingImage: 'image:1',
    signature: {
      task: 'binary_classification',
      inputs: Array.from({ length: columns }, (_, i) => ({
        name: `c${i}`.padEnd(nameLength, '_'),
        type: 'number',
      })),
      target: 'malignant',
      classes: ['0', '1'],
    },
    metrics: { auc: 0.99 },
    evaluation: { verdict: 'Pass', report: object },
    reference: { features: object, predictions: object },
    recipe: {
      datasetVersion: 1,
      datasetSha256: 'b'.repeat(64),
      trainingSetId: 'S1',
      trainingSetSha256: 'c'.repeat(64),
      projectRevision: 1,
      codeVersion: '0.1.0',
      trainingImage: 'image:1',
      seed: 17,
      hyperparameters: { num_round: '100' },
    },
    projectRevision: 1,
    requestedBy: 'ann',
  });
}

function setUp() {
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const table = createMemoryTable();
  const deps = {
    store: createRegistryStore(table),
    models: createModelStore(table),
    versions: createVersionStore(table),
    contents: createContentStore(table),
    clock,
    ids: sequentialIds('ev'),
  };
  const cause = startingJourney({
    eventId: 'E1',
    occurredAt: clock.now(),
    project: 'tumour',
    actor: { type: 'service', id: 'training' },
  });
  const register = (trainingId: string) => registerModelVersion(deps, registration(trainingId), cause);
  const move = (alias: string, version: number) =>
    moveAlias(deps, { project: 'tumour', alias, modelVersion: version, reason: 'promoted' }, cause);
  const told = () => table.published.map(({ detailType }) => detailType);
  return { clock, table, deps, cause, register, move, told };
}

describe('registering a model version', () => {
  it('numbers versions 1, 2, 3, points challenger to the newest and tells of both', async () => {
    const { deps, register, table, clock } = setUp();
    expect(await register('T1')).toEqual({ model: 'tumour', modelVersion: 1 });
    clock.advanceSeconds(1);
    expect(await register('T2')).toEqual({ model: 'tumour', modelVersion: 2 });
    expect(table.published.map(({ detailType, detail }) => [detailType, detail.data])).toMatchObject([
      ['ModelVersionRegistered.v1', { modelVersion: 1 }],
      ['ModelAliasMoved.v1', { alias: 'challenger', toVersion: 1 }],
      ['ModelVersionRegistered.v1', { modelVersion: 2 }],
      ['ModelAliasMoved.v1', { alias: 'challenger', fromVersion: 1, toVersion: 2 }],
    ]);
    const { items } = await listVersions(deps, 'tumour', undefined);
    expect(items.map((version) => [version.modelVersion, version.aliases])).toEqual([
      [2, ['challenger']],
      [1, []],
    ]);
    expect(modelVersion.array().parse(items)).toEqual(items);
  });

  it('registers a training once', async () => {
    const { register, told } = setUp();
    await register('T1');
    expect(await register('T1')).toEqual({ model: 'tumour', modelVersion: 1 });
    expect(told()).toHaveLength(2);
  });

  it('gives two trainings at the same time two numbers', async () => {
    const { register } = setUp();
    const numbers = await Promise.all(['T1', 'T2', 'T3'].map(register));
    expect(numbers.map(({ modelVersion: number }) => number).sort()).toEqual([1, 2, 3]);
  });

  it('keeps its event below 200 kB with 2,000 columns, and refuses what no release could carry', async () => {
    const { deps, cause, table } = setUp();
    await registerModelVersion(deps, registration('T1', 2000, 60), cause);
    expect(JSON.stringify(table.published[0]?.detail).length).toBeLessThan(200_000);
    await expect(registerModelVersion(deps, registration('T2', 2000, 120), cause)).rejects.toThrow(
      /2000 input columns take most of it: give them shorter names/,
    );
    expect(table.published).toHaveLength(2);
  });
});

describe('moving an alias', () => {
  it('is told of, kept in history, and finds the version', async () => {
    const { deps, register, move, table, clock } = setUp();
    await register('T1');
    await register('T2');
    expect(await move('champion', 1)).toEqual({});
    clock.advanceSeconds(60);
    expect(await move('champion', 2)).toEqual({ fromVersion: 1 });
    expect(table.published.at(-1)?.detail.data).toMatchObject({
      alias: 'champion',
      fromVersion: 1,
      toVersion: 2,
    });
    const history = await deps.store.listAliasMoves('tumour', 'champion', undefined);
    expect(history.items.map(({ toVersion, movedAt }) => [toVersion, movedAt])).toEqual([
      [2, '2026-01-01T00:01:00.000Z'],
      [1, '2026-01-01T00:00:00.000Z'],
    ]);
    const champion = await findVersion(deps, { project: 'tumour', alias: 'champion' });
    expect(champion).toMatchObject({ modelVersion: 2, aliases: ['challenger', 'champion'] });
  });

  it('to where it points already changes nothing', async () => {
    const { register, move, told } = setUp();
    await register('T1');
    await move('champion', 1);
    const before = told().length;
    expect(await move('champion', 1)).toEqual({ fromVersion: 1 });
    expect(told()).toHaveLength(before);
  });

  it('after a rollback moves it only from the version that was rolled back', async () => {
    const { deps, cause, register, move } = setUp();
    for (const training of ['T1', 'T2', 'T3']) await register(training);
    await move('champion', 2);
    const rolledBack = {
      project: 'tumour',
      alias: 'champion',
      modelVersion: 1,
      reason: 'rollback',
      onlyFrom: 2,
    };
    await moveAlias(deps, rolledBack, cause);
    expect(await deps.store.readAliases('tumour')).toMatchObject({ champion: 1 });
    await move('champion', 3);
    await moveAlias(deps, rolledBack, cause);
    expect(await deps.store.readAliases('tumour')).toMatchObject({ champion: 3 });
  });

  it('to a version that is not there is refused', async () => {
    const { register, move, deps } = setUp();
    await register('T1');
    await expect(move('champion', 7)).rejects.toThrow(/'tumour' has no model version 7/);
    await expect(readVersion(deps, 'tumour', 7)).rejects.toMatchObject({
      code: 'ModelVersionNotFound',
    });
    expect(await findVersion(deps, { project: 'tumour', alias: 'champion' })).toBeUndefined();
    expect(await findVersion(deps, { project: 'wine' })).toBeUndefined();
  });
});
