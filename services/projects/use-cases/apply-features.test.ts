import { describe, expect, it } from 'vitest';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { dataContract } from '../contract.ts';
import { readContractFile } from '../project-file/read-contract-file.ts';
import { openFeaturesFile } from '../project-file/read-features-file.ts';
import { openProjectFile } from '../project-file/read-project-file.ts';
import { goldenItems } from '../store/golden-items.ts';
import { createProjectStore } from '../store/project-store.ts';
import { applyContract } from './apply-contract.ts';
import { applyFeatures, readFeatureDefinitions } from './apply-features.ts';
import { applyProject } from './apply-project.ts';

const stats = `name: stats
owners: [bob]
data:
  primaryKey: id
  eventTime: day
  columns: { id: { type: string }, day: { type: timestamp }, driver_id: { type: string }, rating: { type: number } }
`;
const trips = `name: trips
owners: [ada]
data:
  primaryKey: id
  columns: { id: { type: string }, fare: { type: number } }
`;
const features = `entities: { driver: { joinKeys: { driver_id: string } } }
sources: { stats: { type: dataset, dataset: stats } }
featureViews: { driver_stats: { entities: [driver], source: stats, schema: { rating: number } } }
`;

async function setUp() {
  const table = createMemoryTable();
  const store = createProjectStore(table);
  const deps = { store, clock: manualClock('2026-01-01T00:00:00.000Z'), ids: sequentialIds('event-') };
  const read = new Set<string>();
  const mayRead = (project: string) => {
    if (project === 'secret') throw new AppError('forbidden', 'RoleMissing', 'no');
    read.add(project);
  };
  const applyFile = (text: string) => {
    const project = /name: (\S+)/.exec(text)![1]!;
    const file = openProjectFile(text, project);
    const datasets = { names: file.datasets, mayRead };
    return applyProject(deps, { project, datasets, read: file.read, appliedBy: 'ada' });
  };
  const apply = (text = features, isDryRun = false, project = 'trips') => {
    const file = openFeaturesFile(text, project);
    const datasets = { names: file.datasets, mayRead };
    return applyFeatures(deps, { project, datasets, read: file.read, appliedBy: 'ben', isDryRun });
  };
  await applyFile(stats);
  await applyFile(trips);
  return { table, store, deps, read, applyFile, apply };
}

describe('applying feature definitions', () => {
  it('makes the next revision, with all else as it was, and tells of it', async () => {
    const { table, store, apply, read } = await setUp();
    const applied = await apply();
    expect(applied).toMatchObject({ revision: 2, changed: true, appliedBy: 'ben' });
    expect(applied.definition.data.columns).toHaveProperty('fare');
    expect(read).toEqual(new Set(['stats']));
    expect(table.published.at(-1)).toMatchObject({ detailType: 'ProjectApplied.v1' });
    expect(await readFeatureDefinitions(store, { project: 'trips' })).toMatchObject({
      revision: 2,
      features: { featureViews: { driver_stats: { schema: { rating: 'number' } } } },
    });
    expect(await apply()).toMatchObject({ revision: 2, changed: false });
  });

  it('only tells what would be, where that is asked', async () => {
    const { apply, store } = await setUp();
    expect(await apply(features, true)).toMatchObject({ revision: 1, changed: true });
    expect(await readFeatureDefinitions(store, { project: 'trips' })).toMatchObject({
      revision: 1,
      features: { featureViews: {} },
    });
  });

  it.each([
    ['a dataset that nobody has', 'nobody', { code: 'DataSourceNotFound', kind: 'invalid_input' }],
    ['a dataset that the caller may not see', 'secret', { code: 'RoleMissing', kind: 'forbidden' }],
  ])('refuses %s, in either file', async (_what, dataset, error) => {
    const { apply, applyFile } = await setUp();
    const other = features.replace('dataset: stats', `dataset: ${dataset}`);
    await expect(apply(other)).rejects.toMatchObject(error);
    const indented = other.replaceAll(/^/gm, '  ').trimEnd();
    await expect(applyFile(`${trips}features:\n${indented}\n`)).rejects.toMatchObject(error);
  });

  it('come with a project file as well, at their places in it', async () => {
    const { applyFile } = await setUp();
    const indented = features.replaceAll(/^/gm, '  ').trimEnd();
    expect(await applyFile(`${trips}features:\n${indented}\n`)).toMatchObject({ revision: 2 });
    const wrong = indented.replace('entities: [driver]', 'entities: [drivers]');
    await expect(applyFile(`${trips}features:\n${wrong}\n`)).rejects.toMatchObject({
      code: 'InvalidProject',
      details: {
        violations: [{ path: 'features/featureViews/driver_stats/entities/0', line: 9 }],
      },
    });
  });

  it('are kept by a contract that comes later, and held against it', async () => {
    const { applyFile, apply, deps } = await setUp();
    await applyFile('name: waiting\nowners: [ada]\ndata: { primaryKey: id }\n');
    const own = features
      .replace('{ type: dataset, dataset: stats }', '{ type: dataset }')
      .replace('rating: number', 'fare: number');
    expect(await apply(own, false, 'waiting')).toMatchObject({ revision: 2 });
    const contract = (members: object) =>
      dataContract.parse({
        primaryKey: 'id',
        eventTime: 'at',
        columns: {
          id: { type: 'string' },
          at: { type: 'timestamp' },
          driver_id: { type: 'string' },
          ...members,
        },
      });
    const give = (members: object) => {
      const given = contract(members);
      return applyContract(deps, {
        project: 'waiting',
        read: (project, datasets) => readContractFile(JSON.stringify(given), project, datasets),
        appliedBy: 'ada',
      });
    };
    await expect(give({ fee: { type: 'number' } })).rejects.toMatchObject({
      code: 'InvalidContract',
      details: { violations: [{ path: 'project.yaml/features/featureViews/driver_stats/schema/fare' }] },
    });
    expect(await give({ fare: { type: 'number' } })).toMatchObject({
      revision: 3,
      definition: { excludeFeatures: [], features: { entities: { driver: {} } } },
    });
  });

  it('are none in a revision that is older than they are', async () => {
    const table = createMemoryTable();
    for (const [item] of Object.values(goldenItems)) await table.put(item);
    expect(await readFeatureDefinitions(createProjectStore(table), { project: 'gone' })).toMatchObject({
      revision: 1,
      features: { entities: {}, featureViews: {}, featureServices: {}, skew: { every: '1d' } },
    });
  });
});
