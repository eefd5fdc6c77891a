import { describe, expect, it } from 'vitest';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createGovernanceStore } from '../store/governance-store.ts';
import { appendEvent } from './append-event.ts';
import { type LineageQuestion, readLineage } from './read-lineage.ts';

const clock = manualClock('2026-01-01T00:00:00Z');
const hour = (hours: number) => new Date(Date.UTC(2026, 0, 1, hours)).toISOString();
const stored = { uri: 's3://models/v1', sha256: 'a'.repeat(64) };

type Told = readonly [name: string, data: Record<string, unknown>];

const uploaded = (datasetVersion: number, parentVersion?: number): Told => [
  'DatasetVersionCreated',
  {
    datasetVersion,
    parentVersion,
    rows: 300,
    columns: [],
    source: { key: `incoming/${datasetVersion}.csv` },
  },
];
const validated = (datasetVersion: number, more: Record<string, unknown> = {}): Told => [
  'ValidationCompleted',
  {
    datasetVersion,
    verdict: 'Warn',
    rows: 300,
    validRows: 298,
    quarantinedRows: 2,
    projectRevision: 4,
    ...more,
  },
];
const registered = (modelVersion: number): Told => [
  'ModelVersionRegistered',
  {
    model: 'tumour',
    modelVersion,
    trainingId: `t${modelVersion}`,
    runId: 'r',
    artifact: stored,
    projectRevision: 4,
    recipe: { trainingSetId: 'ts' },
    metrics: { auc: 0.99 },
  },
];
const captured = (sha256: string, from: number, to: number): Told => [
  'PredictionBatchCaptured',
  { model: 'tumour', modelVersion: 1, count: 5, firstAt: hour(from), lastAt: hour(to), capture: { sha256 } },
];
const story: readonly Told[] = [
  ['ProjectApplied', { revision: 4, owners: ['ada'] }],
  uploaded(1),
  validated(1),
  ['TrainingRequested', { trainingId: 't1', datasetVersion: 1, trigger: 'Data', reasons: ['New rows.'] }],
  ['TrainingSetBuilt', { datasetVersion: 1, trainingSetId: 'ts', rows: {}, featureNames: [] }],
  registered(1),
  captured('b1', 1, 2),
  captured('b2', 3, 4),
];

function createWorld(options: { readonly viewable?: readonly string[] } = {}) {
  const store = createGovernanceStore(createMemoryTable());
  let reads = 0;
  let most = 0;
  const counted: typeof store = {
    ...store,
    async listEdges(...question) {
      reads += 1;
      most = Math.max(most, reads);
      await Promise.resolve();
      const page = await store.listEdges(...question);
      reads -= 1;
      return page;
    },
  };
  const predictions = {
    find: async (_project: string, id: string) =>
      id === 'i1' ? { modelVersion: 1, at: hour(3), value: '1' } : undefined,
  };
  let count = 0;
  return {
    mostReadsAtOnce: () => most,
    async tell(facts: readonly Told[], project = 'tumour') {
      for (const [name, data] of facts) {
        const metadata = startingJourney({
          eventId: `e${++count}`,
          occurredAt: clock.now(),
          project,
          actor: { type: 'user', id: 'ada' },
        });
        await appendEvent(
          { store, clock, pause: async () => {} },
          { source: 'millrace.any', detailType: `${name}.v1`, metadata, data: { project, ...data } },
        );
      }
    },
    ask: (kind: string, id: string, more: Partial<LineageQuestion> = {}) =>
      readLineage(
        { store: counted, predictions },
        {
          project: 'tumour',
          kind,
          id,
          direction: 'both',
          depth: 100,
          mayView: (project) => ['tumour', ...(options.viewable ?? [])].includes(project),
          ...more,
        },
      ),
  };
}

async function told(facts: readonly Told[] = story) {
  const world = createWorld();
  await world.tell(facts);
  return world;
}
const idsOf = (graph: { nodes: { id: string }[] }) => graph.nodes.map(({ id }) => id).sort();

describe('lineage', () => {
  it('leads from a prediction over its batch and version back to upload and contract', async () => {
    const graph = await (await told()).ask('prediction', 'i1');
    expect(idsOf(graph)).toEqual([
      'dataset-version:1',
      'model-version:1',
      'prediction-batch:b2',
      'prediction:i1',
      'project-revision:4',
      'training-set:ts',
      'training:t1',
      'upload:incoming/1.csv',
      'validation:1',
    ]);
    expect(graph).toMatchObject({ truncated: false, openEnds: [] });
  });

  it('says of each batch that it may be the one, where their times overlap', async () => {
    const graph = await (await told([...story, captured('b3', 2, 5)])).ask('prediction', 'i1');
    expect(graph.edges.filter(({ to }) => to === 'prediction:i1')).toEqual([
      { from: 'model-version:1', relation: 'predicted', to: 'prediction:i1' },
      { from: 'prediction-batch:b2', relation: 'written with one of', to: 'prediction:i1' },
      { from: 'prediction-batch:b3', relation: 'written with one of', to: 'prediction:i1' },
    ]);
  });

  it('puts the verdict between a dataset version and what was made of its valid rows', async () => {
    const { nodes, edges } = await (await told()).ask('validation', '1', { depth: 1 });
    expect(nodes.find(({ id }) => id === 'validation:1')).toMatchObject({
      label: 'validation of version 1: Warn',
      details: { verdict: 'Warn', valid: '298', quarantined: '2' },
    });
    expect(edges.map(({ from, to }) => `${from} > ${to}`).sort()).toEqual([
      'dataset-version:1 > validation:1',
      'project-revision:4 > validation:1',
      'validation:1 > training-set:ts',
      'validation:1 > training:t1',
    ]);
  });

  it('leads from a restored version to the one that it was restored from, and past those in between', async () => {
    const version = (datasetVersion: number, more: object = {}): Told => [
      'DatasetVersionCreated',
      { datasetVersion, source: { key: `incoming/${datasetVersion}.csv` }, columns: [], ...more },
    ];
    const world = await told([
      version(1),
      version(2, { parentVersion: 1 }),
      version(3, { parentVersion: 2, restoredFrom: 1, source: { key: 'incoming/1.csv' } }),
    ]);
    const { edges } = await world.ask('dataset-version', '3', { direction: 'up' });
    expect(edges.map(({ from, relation, to }) => `${from} ${relation} ${to}`).sort()).toEqual([
      'dataset-version:1 restored as dataset-version:3',
      'upload:incoming/1.csv became dataset-version:1',
    ]);
  });

  it.each([
    [
      'up',
      ['dataset-version:1', 'project-revision:4', 'training-set:ts', 'upload:incoming/1.csv', 'validation:1'],
    ],
    ['down', ['prediction-batch:b1', 'prediction-batch:b2', 'training-set:ts']],
  ] as const)('goes %s alone where asked', async (direction, expected) => {
    const graph = await (await told()).ask('training-set', 'ts', { direction });
    expect(idsOf(graph)).toEqual(expect.arrayContaining([...expected]));
    expect(idsOf(graph)).not.toContain(direction === 'up' ? 'model-version:1' : 'dataset-version:1');
  });

  it('goes no further than the depth that is asked for', async () => {
    const graph = await (await told()).ask('dataset-version', '1', { direction: 'down', depth: 2 });
    expect(idsOf(graph)).toEqual(['dataset-version:1', 'training-set:ts', 'training:t1', 'validation:1']);
  });

  it('keeps versions of several models apart', async () => {
    const client = { origin: 'client', model: 'tumour.lab', modelVersion: 1, createdBy: 'ada', content: {} };
    const world = await told([...story, ['ModelVersionRegistered', client]]);
    expect((await world.ask('model-version', '1')).nodes[0]?.label).toBe('tumour version 1');
    expect((await world.ask('model-version', 'tumour.lab/1')).nodes[0]?.label).toBe('tumour.lab version 1');
  });

  it.each([
    ['prediction', 'unknown'],
    ['model-version', '7'],
    ['nonsense', 'x'],
  ])('says clearly that there is no %s %s', async (kind, id) => {
    await expect(createWorld().ask(kind, id)).rejects.toMatchObject({ name: 'LineageNotFound' });
  });
});

describe('marks', () => {
  const marksOf = async (facts: readonly Told[], kind: string, id: string) =>
    (await (await told(facts)).ask(kind, id)).nodes[0]?.marks?.map(({ name }) => name);
  const alias = (fromVersion: number | undefined, toVersion: number): Told => [
    'ModelAliasMoved',
    { model: 'tumour', alias: 'champion', fromVersion, toVersion, reason: 'promoted' },
  ];

  it('say what happened to a version after it was made', async () => {
    const facts: readonly Told[] = [
      ...story,
      ['DatasetTagMoved', { tag: 'gold', datasetVersion: 1 }],
      ['DatasetErasureCompleted', { erasureId: 'x1', versions: [{ datasetVersion: 1, rowsErased: 2 }] }],
      ['DatasetTagMoved', { tag: 'gold', from: 1 }],
      ['DatasetVersionExpired', { datasetVersion: 1, removedObjects: 1, removedBytes: 9 }],
    ];
    expect(await marksOf(facts, 'dataset-version', '1')).toEqual([
      'tagged gold',
      'erased from',
      'no longer gold',
      'expired',
    ]);
  });

  it('say when a model version became and ceased to be champion', async () => {
    const facts = [...story, registered(2), alias(undefined, 1), alias(1, 2)];
    expect(await marksOf(facts, 'model-version', '1')).toEqual(['became champion', 'no longer champion']);
    expect(await marksOf(facts, 'model-version', '2')).toEqual(['became champion']);
  });

  it('stay when the thing itself is told of later', async () => {
    expect(await marksOf([alias(undefined, 1), ...story], 'model-version', '1')).toEqual(['became champion']);
  });

  it('name a thing that nothing else is known of', async () => {
    const failed: Told = ['TrainingFailed', { trainingId: 't9', step: 'job', error: 'E', cause: 'c' }];
    const [node] = (await (await told([failed])).ask('training', 't9')).nodes;
    expect(node).toMatchObject({ label: 'training t9', marks: [{ name: 'failed', tone: 'bad' }] });
  });

  it('fit into one transaction, however many versions were erased from', async () => {
    const versions = Array.from({ length: 150 }, (_, index) => ({
      datasetVersion: index + 1,
      rowsErased: 1,
    }));
    const erased: Told = ['DatasetErasureCompleted', { erasureId: 'x1', versions }];
    expect(await marksOf([...story, erased], 'dataset-version', '150')).toEqual(['erased from']);
    expect(await marksOf([...story, erased], 'dataset-version', '1')).toBeUndefined();
  });

  it('are no more than twenty, the newest', async () => {
    const facts = Array.from({ length: 30 }, (_, index) => alias(index % 2 === 0 ? 2 : undefined, 1));
    expect(await marksOf([registered(1), ...facts], 'model-version', '1')).toHaveLength(20);
  });
});

describe('a dataset version of another project', () => {
  const referenced = [{ project: 'quarry', datasetVersion: 7 }];
  const foreign = '//quarry/dataset-version:7';
  async function twoProjects(viewable: readonly string[]) {
    const world = createWorld({ viewable });
    await world.tell([['DatasetVersionCreated', { datasetVersion: 7, source: { key: 'q.csv' } }]], 'quarry');
    await world.tell([...story.slice(0, 2), validated(1, { referenced })]);
    return world;
  }

  it('is named with its project, and not walked into without a role there', async () => {
    const graph = await (await twoProjects([])).ask('validation', '1', { direction: 'up' });
    expect(graph.nodes.find(({ id }) => id === foreign)).toEqual({
      id: foreign,
      kind: 'dataset-version',
      label: 'dataset version 7',
      details: {},
      project: 'quarry',
    });
    expect(idsOf(graph)).not.toContain('//quarry/upload:q.csv');
  });

  it('is walked into with a role there', async () => {
    const graph = await (await twoProjects(['quarry'])).ask('validation', '1', { direction: 'up' });
    expect(idsOf(graph)).toContain('//quarry/upload:q.csv');
    expect(graph.edges).toContainEqual({ from: '//quarry/upload:q.csv', relation: 'became', to: foreign });
  });

  it('shows what it was used for only to those who may view that project', async () => {
    const from = (viewable: readonly string[]) =>
      twoProjects(viewable).then((world) =>
        world.ask('dataset-version', '7', {
          project: 'quarry',
          mayView: (project) => [...viewable, 'quarry'].includes(project),
        }),
      );
    expect(JSON.stringify(await from([]))).not.toContain('tumour');
    expect(idsOf(await from(['tumour']))).toContain('//tumour/validation:1');
  });
});

describe('a graph that is too big for one answer', () => {
  const batches = Array.from({ length: 120 }, (_, index) =>
    captured(`x${String(index).padStart(3, '0')}`, 1, 2),
  );

  it('says where it was cut, and goes on from there to the last thing', async () => {
    const world = await told([...story, ...batches]);
    const found = new Set<string>();
    let after: string | undefined;
    for (let asked = 0; asked < 10; asked += 1) {
      const graph = await world.ask('model-version', '1', { direction: 'down', after });
      for (const { id } of graph.nodes) found.add(id);
      const [end] = graph.openEnds;
      expect(graph.truncated).toBe(end !== undefined);
      if (!end) break;
      expect(end).toMatchObject({ id: 'model-version:1', direction: 'down' });
      after = end.after;
    }
    expect([...found].filter((id) => id.startsWith('prediction-batch:'))).toHaveLength(122);
  });

  it('is whole where it just fits', async () => {
    const graph = await (await told([registered(1), ...batches.slice(0, 50)])).ask('model-version', '1');
    expect(graph.nodes.filter(({ kind }) => kind === 'prediction-batch')).toHaveLength(50);
    expect(graph).toMatchObject({ truncated: false, openEnds: [] });
  });

  it('is cut at 150 things each way, and read by few questions at a time', async () => {
    // Twelve versions that extend the first, each extended by twenty.
    const versions = Array.from({ length: 253 }, (_, index) => {
      const parent = index === 0 ? undefined : index <= 12 ? 1 : 2 + ((index - 13) % 12);
      return uploaded(index + 1, parent);
    });
    const world = await told(versions);
    const { nodes, truncated, openEnds } = await world.ask('dataset-version', '1', { direction: 'down' });
    expect(nodes).toHaveLength(151);
    expect(truncated).toBe(true);
    const found = new Set(nodes.map(({ id }) => id));
    for (const { id, after } of openEnds) {
      const own = id.slice('dataset-version:'.length);
      const rest = await world.ask('dataset-version', own, { direction: 'down', after });
      for (const node of rest.nodes) found.add(node.id);
    }
    expect(found.size).toBe(253);
    expect(world.mostReadsAtOnce()).toBeLessThanOrEqual(8);
  });

  it('goes on in one direction only', async () => {
    const asked = (await told()).ask('model-version', '1', { after: 'prediction-batch:b1' });
    await expect(asked).rejects.toMatchObject({ name: 'AfterNeedsDirection' });
  });
});
