import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { sentRecords } from '../domain/evaluation-dataset.ts';
import { parseLossless } from '../domain/lossless-json.ts';
import type { Heads } from '../ports/heads.ts';
import { createEvaluationDatasetStore } from '../store/evaluation-dataset-store.ts';
import { deleteRecords, readRecords, upsertRecords } from './dataset-records.ts';
import * as useCases from './evaluation-datasets.ts';
import { searchEvaluationDatasets } from './search-evaluation-datasets.ts';

const anna: Caller = { id: 'anna', grants: [{ project: 'wine', role: 'scientist' }] };
const bob: Caller = { id: 'bob', grants: [{ project: 'beer', role: 'scientist' }] };
const both: Caller = { id: 'carl', grants: [...anna.grants, ...bob.grants] };
const viewer: Caller = { id: 'vera', grants: [{ project: 'wine', role: 'viewer' }] };

/** Experiment 1 is of wine and 2 of beer. */
const heads: Heads = {
  async experiment(experimentId) {
    const project = { '1': 'wine', '2': 'beer' }[experimentId];
    if (!project) return undefined;
    return { experimentId, project, name: project, artifactLocation: '', lifecycleStage: 'active' };
  },
  async run() {
    return undefined;
  },
};

function setUp() {
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const table = createMemoryTable();
  let ids = 0;
  const deps: useCases.EvaluationDatasetDeps = {
    evaluationDatasets: createEvaluationDatasetStore(table, sequentialIds('B')),
    heads,
    clock,
    newId: () => String(++ids).padStart(32, '0'),
    random: () => 0,
    pause: async () => undefined,
  };
  const create = (caller = anna, experimentIds: readonly string[] = ['1'], name = 'questions') =>
    useCases.createEvaluationDataset(deps, caller, {
      name,
      experimentIds,
      tags: { 'mlflow.user': 'anna', n: 5 },
    });
  const upsert = async (datasetId: string, records: string) =>
    upsertRecords(deps, anna, datasetId, sentRecords(parseLossless(records, 'records')));
  const texts = async (datasetId: string, maxResults = 1000) => {
    const found: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await readRecords(deps, anna, datasetId, { maxResults, pageToken });
      found.push(...page.items.map(({ inputs }) => JSON.stringify(inputs)));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return found;
  };
  const read = async (datasetId: string) =>
    (await useCases.readEvaluationDataset(deps, anna, datasetId)).dataset;
  return { clock, table, deps, create, upsert, texts, read };
}

describe('an evaluation dataset', () => {
  it('belongs to the projects of its experiments, and to all of them', async () => {
    const { deps, create } = setUp();
    const { datasetId } = await create();
    await expect(useCases.readEvaluationDataset(deps, bob, datasetId)).rejects.toThrow('not found');
    await expect(useCases.setDatasetTags(deps, viewer, datasetId, {})).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(useCases.addDatasetExperiments(deps, anna, datasetId, ['2'])).rejects.toMatchObject({
      kind: 'not_found',
    });
    const shared = await useCases.addDatasetExperiments(deps, both, datasetId, ['2', '1']);
    expect(shared).toMatchObject({ experimentIds: ['1', '2'], projects: ['wine', 'beer'] });
    await expect(useCases.readEvaluationDataset(deps, anna, datasetId)).rejects.toThrow('not found');
    const left = await useCases.removeDatasetExperiments(deps, both, datasetId, ['1', '9']);
    expect(left).toMatchObject({ experimentIds: ['2'], projects: ['beer'] });
    expect(await useCases.removeDatasetExperiments(deps, bob, datasetId, ['2'])).toMatchObject({
      experimentIds: [],
      projects: ['beer'],
    });
  });

  it('without experiments belongs to the project that its maker may write to', async () => {
    const { create } = setUp();
    expect(await create(anna, [])).toMatchObject({
      projects: ['wine'],
      tags: { 'mlflow.user': 'anna', n: '5' },
    });
  });

  it('goes with all that was stored of it, and again without complaint', async () => {
    const { deps, create, upsert, table } = setUp();
    const { datasetId } = await create();
    await upsert(datasetId, '[{"inputs":{"q":"a"}}]');
    await useCases.deleteEvaluationDataset(deps, bob, datasetId);
    expect(table.items()).toHaveLength(2);
    await useCases.deleteEvaluationDataset(deps, anna, datasetId);
    await useCases.deleteEvaluationDataset(deps, anna, datasetId);
    expect(table.items()).toEqual([]);
  });

  it('is found by name, tag and experiment by who may see all its projects', async () => {
    const { deps, create, clock } = setUp();
    await create(anna, ['1'], 'old');
    clock.advanceSeconds(1);
    await create(anna, ['1'], 'new');
    await create(bob, ['2'], 'hidden');
    const search = async (filter: string, experimentIds: readonly string[] = []) => {
      const wanted = { experimentIds, filter, orderBy: [], maxResults: 10 };
      return (await searchEvaluationDatasets(deps, anna, wanted)).items.map(({ name }) => name);
    };
    expect(await search('')).toEqual(['new', 'old']);
    expect(await search("name LIKE 'o%' AND tags.`mlflow.user` = 'anna'", ['1'])).toEqual(['old']);
    expect(await search('', ['2'])).toEqual([]);
  });
});

describe('records of a dataset', () => {
  it('are merged by their inputs, whatever the order of their fields', async () => {
    const { deps, create, upsert, read, clock } = setUp();
    const { datasetId, digest } = await create();
    expect(
      await upsert(
        datasetId,
        '[{"inputs":{"q":"a","x":1.0},"expectations":{"e":true},"tags":{"mlflow.user":"bob"},"source":{"source_type":"human"}},{"inputs":{"q":"b"},"outputs":"text"}]',
      ),
    ).toEqual({ inserted: 2, updated: 0 });
    clock.advanceSeconds(1);
    expect(
      await upsert(datasetId, '[{"inputs":{"x":1.0,"q":"a"},"expectations":{"f":[1]},"outputs":{"o":1}}]'),
    ).toEqual({
      inserted: 0,
      updated: 1,
    });
    const { items } = await readRecords(deps, anna, datasetId, { maxResults: 10 });
    expect(items[0]).toMatchObject({
      outputs: { o: 1 },
      expectations: { e: true, f: [1] },
      source: { source_type: 'HUMAN', source_data: {} },
      createdBy: 'bob',
      updatedBy: 'bob',
    });
    expect(items[0]!.updatedAtMs - items[0]!.createdAtMs).toBe(1000);
    const dataset = await read(datasetId);
    expect(dataset).toMatchObject({
      recordCount: 2,
      schema: {
        inputs: { q: 'string', x: 'float' },
        outputs: 'string',
        expectations: { e: 'boolean', f: 'array' },
        version: '1.0',
      },
    });
    expect(dataset.digest).not.toBe(digest);
  });

  it('keep numbers as Python wrote them', async () => {
    const { create, upsert, texts } = setUp();
    const { datasetId } = await create();
    await upsert(
      datasetId,
      '[{"inputs":{"f":1.0,"i":1,"big":12345678901234567890,"e":1e-07,"n":NaN,"t":"NaN 1.0"}}]',
    );
    expect(await texts(datasetId)).toEqual([
      '{"f":1.0,"i":1,"big":12345678901234567890,"e":1e-07,"n":null,"t":"NaN 1.0"}',
    ]);
  });

  it('are refused with their place when they are none', async () => {
    const { create, upsert } = setUp();
    const { datasetId } = await create();
    await expect(upsert(datasetId, 'nonsense')).rejects.toThrow(/'records'.*JSON/);
    await expect(upsert(datasetId, '{}')).rejects.toThrow('must be a list');
    await expect(upsert(datasetId, '[{"inputs":{}},{"inputs":[1]}]')).rejects.toThrow(
      'records[1].inputs must be an object',
    );
    await expect(upsert(datasetId, '[{"inputs":{},"source":{"source_type":"x"}}]')).rejects.toThrow(
      'source type',
    );
  });

  it('lose nothing when many write at once', async () => {
    const { create, upsert, texts, read } = setUp();
    const { datasetId } = await create();
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => upsert(datasetId, `[{"inputs":{"n":${n}}},{"inputs":{}}]`)),
    );
    expect((await texts(datasetId)).length).toBe(11);
    expect((await read(datasetId)).recordCount).toBe(11);
  });

  it('too big for a block are refused, and many fill many blocks', async () => {
    const { create, upsert, texts, table } = setUp();
    const { datasetId } = await create();
    const long = (n: number, length: number) => `{"inputs":{"n":${n},"t":"${'x'.repeat(length)}"}}`;
    await expect(upsert(datasetId, `[${long(0, 300_000)}]`)).rejects.toThrow('300000 are allowed');
    await upsert(datasetId, `[${Array.from({ length: 10 }, (_, n) => long(n, 100_000)).join(',')}]`);
    expect(table.items().filter(({ sk }) => sk.startsWith('BLOCK#'))).toHaveLength(5);
    expect((await texts(datasetId, 3)).map((text) => JSON.parse(text).n)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  it('stay in the order in which they came, page by page, whatever is written and deleted', async () => {
    const step = fc.oneof(
      fc.record({ upsert: fc.array(fc.nat(30), { maxLength: 8 }) }),
      fc.record({ remove: fc.array(fc.nat(30), { maxLength: 4 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, size) => {
          const { deps, create, upsert, texts, read, table } = setUp();
          const { datasetId } = await create();
          const inputs = (n: number) => ({ n, pad: 'p'.repeat(60_000) });
          let expected: number[] = [];
          for (const each of steps) {
            if ('upsert' in each) {
              await upsert(datasetId, JSON.stringify(each.upsert.map((n) => ({ inputs: inputs(n) }))));
              expected = [...new Set([...expected, ...each.upsert])];
            } else {
              const ids = sentRecords(each.remove.map((n) => ({ inputs: inputs(n) }))).map(
                ({ recordId }) => recordId,
              );
              const deleted = await deleteRecords(deps, anna, datasetId, ids);
              const left = expected.filter((n) => !each.remove.includes(n));
              expect(deleted).toBe(expected.length - left.length);
              expected = left;
            }
          }
          expect((await texts(datasetId, size)).map((text) => JSON.parse(text).n)).toEqual(expected);
          expect((await read(datasetId)).recordCount).toBe(expected.length);
          const { blocks } = await useCases.readEvaluationDataset(deps, anna, datasetId);
          expect(table.items()).toHaveLength(1 + blocks.length);
        },
      ),
      { numRuns: 25 },
    );
  });
});
