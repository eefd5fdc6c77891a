import { describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { Heads } from '../ports/heads.ts';
import { createLoggedModelStore } from '../store/logged-model-store.ts';
import {
  createLoggedModel,
  deleteLoggedModel,
  deleteLoggedModelTag,
  finalizeLoggedModel,
  logLoggedModelParams,
  logModelMetrics,
  readLoggedModel,
  setLoggedModelTags,
} from './logged-models.ts';
import { type LoggedModelSearch, searchLoggedModels } from './search-logged-models.ts';

const anna: Caller = { id: 'anna', grants: [{ project: 'wine', role: 'scientist' }] };
const bob: Caller = { id: 'bob', grants: [{ project: 'beer', role: 'admin' }] };
const viewer: Caller = { id: 'vera', grants: [{ project: 'wine', role: 'viewer' }] };

/** Experiment 1 is of wine and 2 of beer; the runs are named like their projects. */
const heads: Heads = {
  async experiment(experimentId) {
    const project = { '1': 'wine', '2': 'beer' }[experimentId];
    if (!project) return undefined;
    return {
      experimentId,
      project,
      name: project,
      artifactLocation: `mlflow-artifacts:/${experimentId}`,
      lifecycleStage: 'active',
    };
  },
  async run(runId) {
    return { runId, experimentId: '1', project: runId, artifactUri: '', lifecycleStage: 'active' };
  },
};

function setUp() {
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  let ids = 0;
  const deps = {
    models: createLoggedModelStore(createMemoryTable()),
    heads,
    clock,
    newId: () => String(++ids).padStart(32, '0'),
    random: () => 0,
    pause: async () => undefined,
  };
  const create = (name: string | undefined = 'booster', caller = anna, experimentId = '1') =>
    createLoggedModel(deps, caller, { experimentId, name, params: [], tags: [] });
  const search = async (wanted: Partial<LoggedModelSearch> = {}, caller = anna) => {
    const page = await searchLoggedModels(deps, caller, {
      experimentIds: ['1', '2'],
      datasets: [],
      orderBy: [],
      maxResults: 10,
      ...wanted,
    });
    return page.items.map(({ name }) => name);
  };
  const log = (
    modelId: string,
    value: number,
    more: { step?: number; datasetName?: string; key?: string } = {},
  ) =>
    logModelMetrics(deps, anna, 'wine', [
      { modelId, metrics: [{ key: 'auc', value, timestampMs: 1, step: 0, ...more }] },
    ]);
  return { clock, deps, create, search, log };
}

describe('a logged model', () => {
  it('lies below its experiment and is pending until its files are there', async () => {
    const { deps, create, clock } = setUp();
    const model = await create();
    expect(model).toMatchObject({
      modelId: 'm-00000000000000000000000000000001',
      artifactUri: 'mlflow-artifacts:/1/models/m-00000000000000000000000000000001/artifacts',
      status: 'PENDING',
      project: 'wine',
    });
    clock.advanceSeconds(1);
    await finalizeLoggedModel(deps, anna, model.modelId, 'READY');
    const read = await readLoggedModel(deps, viewer, model.modelId);
    expect(read).toMatchObject({ status: 'READY', updatedAtMs: model.createdAtMs + 1000 });
  });

  it('gets a name where none was given, and no name that could be taken for a path', async () => {
    const { create } = setUp();
    expect((await create('')).name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
    for (const name of ['a/b', 'a:b', 'a.b', 'a%b', 'a"b', "a'b"]) {
      await expect(create(name)).rejects.toThrow('Invalid model name');
    }
  });

  it('is unknown to who may not see its project, and cannot be changed by who may only see it', async () => {
    const { deps, create } = setUp();
    const { modelId } = await create();
    await expect(readLoggedModel(deps, bob, modelId)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(setLoggedModelTags(deps, bob, modelId, [])).rejects.toMatchObject({ kind: 'not_found' });
    await expect(deleteLoggedModel(deps, viewer, modelId)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(create('x', viewer)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('keeps params as they were first logged', async () => {
    const { deps, create } = setUp();
    const { modelId } = await create();
    await logLoggedModelParams(deps, anna, modelId, [{ key: 'eta', value: '1' }]);
    await logLoggedModelParams(deps, anna, modelId, [
      { key: 'eta', value: '1' },
      { key: 'depth', value: '4' },
    ]);
    await expect(logLoggedModelParams(deps, anna, modelId, [{ key: 'eta', value: '2' }])).rejects.toThrow(
      'Changing param values is not allowed',
    );
    expect((await readLoggedModel(deps, anna, modelId)).params).toEqual({ eta: '1', depth: '4' });
  });

  it('has tags that come and go', async () => {
    const { deps, create } = setUp();
    const { modelId } = await create();
    await setLoggedModelTags(deps, anna, modelId, [
      { key: 'a', value: '1' },
      { key: 'a', value: '2' },
    ]);
    expect((await readLoggedModel(deps, anna, modelId)).tags).toEqual({ a: '2' });
    await deleteLoggedModelTag(deps, anna, modelId, 'a');
    await expect(deleteLoggedModelTag(deps, anna, modelId, 'a')).rejects.toThrow("No tag with key 'a'");
  });

  it('is read after it was deleted by who asks for deleted ones', async () => {
    const { deps, create, search } = setUp();
    const { modelId } = await create();
    await deleteLoggedModel(deps, anna, modelId);
    await deleteLoggedModel(deps, anna, modelId);
    await expect(readLoggedModel(deps, anna, modelId)).rejects.toThrow('not found');
    const read = await readLoggedModel(deps, anna, modelId, { allowDeleted: true });
    expect(read.lifecycleStage).toBe('deleted');
    expect(await search()).toEqual([]);
  });

  it('keeps the latest value of a metric for each dataset, whatever order they come in', async () => {
    const { deps, create, log } = setUp();
    const { modelId } = await create();
    await log(modelId, 0.5, { step: 2 });
    await log(modelId, 0.9, { step: 1 });
    await log(modelId, Number.NaN, { datasetName: 'holdout' });
    const { metrics } = await readLoggedModel(deps, anna, modelId);
    expect(metrics).toEqual([
      { key: 'auc', value: 0.5, timestampMs: 1, step: 2, runId: 'wine' },
      { key: 'auc', value: Number.NaN, timestampMs: 1, step: 0, runId: 'wine', datasetName: 'holdout' },
    ]);
  });

  it('takes metrics from runs of its own project alone', async () => {
    const { deps, create } = setUp();
    const { modelId } = await create();
    const both: Caller = { id: 'carl', grants: [...anna.grants, ...bob.grants] };
    const point = { key: 'auc', value: 1, timestampMs: 1, step: 0 };
    await expect(logModelMetrics(deps, both, 'beer', [{ modelId, metrics: [point] }])).rejects.toThrow(
      `Logged model with ID '${modelId}' not found.`,
    );
  });

  it('loses nothing when many write to it at once', async () => {
    const { deps, create } = setUp();
    const { modelId } = await create();
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => setLoggedModelTags(deps, anna, modelId, [{ key, value: key }])));
    expect(Object.keys((await readLoggedModel(deps, anna, modelId)).tags).sort()).toEqual(keys.sort());
  });
});

describe('a search for logged models', () => {
  it('shows those of visible experiments, newest first', async () => {
    const { create, search, clock } = setUp();
    await create('old');
    await create('hidden', bob, '2');
    clock.advanceSeconds(1);
    await create('new');
    expect(await search()).toEqual(['new', 'old']);
    expect(await search({ filter: "name LIKE 'o%' AND attributes.status = 'PENDING'" })).toEqual(['old']);
  });

  it('filters by metrics on the datasets that were named, and sorts by those of another', async () => {
    const { create, search, log } = setUp();
    const [a, b] = [await create('a'), await create('b')];
    await log(a.modelId, 0.9, { datasetName: 'train' });
    await log(a.modelId, 0.1, { datasetName: 'test' });
    await log(b.modelId, 0.8, { datasetName: 'test' });
    const onTest = [{ datasetName: 'test' }];
    expect(await search({ filter: 'metrics.auc > 0.5', datasets: onTest })).toEqual(['b']);
    expect(await search({ datasets: [{ datasetName: 'train' }] })).toEqual(['a']);
    const orderBy = [{ fieldName: 'metrics.auc', ascending: false, datasetName: 'test' }];
    expect(await search({ filter: 'metrics.auc > 0', orderBy })).toEqual(['b', 'a']);
  });

  it('goes on where its page ended', async () => {
    const { deps, create } = setUp();
    for (const name of ['a', 'b', 'c']) await create(name);
    const wanted = {
      experimentIds: ['1'],
      datasets: [],
      orderBy: [{ fieldName: 'name', ascending: true }],
      maxResults: 2,
    };
    const first = await searchLoggedModels(deps, anna, wanted);
    const second = await searchLoggedModels(deps, anna, { ...wanted, pageToken: first.nextPageToken });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(second.nextPageToken).toBeUndefined();
  });
});
