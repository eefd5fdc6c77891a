import { describe, expect, it } from 'vitest';
import { TrainingSetBuilt } from '#events/feature-store.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { type DomainEvent, startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { type TrainingSet, trainingSet } from '../contract.ts';
import type { ChosenRows } from '../ports.ts';
import { buildTrainingSet } from './build-training-set.ts';

const base = {
  name: 'wine',
  owners: ['ada'],
  data: {
    primaryKey: 'id',
    columns: {
      id: { type: 'string' },
      x: { type: 'number' },
      note: { type: 'string' },
      y: { type: 'integer' },
    },
  },
  target: { column: 'y', task: 'binary_classification' },
  excludeFeatures: ['note'],
};
const object = (name: string) => ({ uri: `s3://data/${name}`, sha256: digestOf(name), bytes: 1 });
const input = { project: 'wine', projectRevision: 1, datasetVersion: 2, asOf: '2026-01-02T00:00:00.000Z' };
const cause = startingJourney({
  eventId: 'cause',
  occurredAt: new Date(0),
  project: 'wine',
  actor: { type: 'user', id: 'ada' },
});

interface Changed {
  readonly definition?: Record<string, unknown>;
  readonly verdict?: 'Pass' | 'Warn' | 'Fail' | 'InsufficientData';
  readonly chosen?: Partial<Pick<ChosenRows, 'rows' | 'labels'>>;
}

function setUp({ definition = {}, verdict = 'Pass', chosen = {} }: Changed = {}) {
  const saved = new Map<string, TrainingSet>();
  const events: DomainEvent[] = [];
  const builds: (readonly string[])[] = [];
  const deps = {
    sources: {
      projectRevision: async (project: string, revision: number) => ({
        project,
        revision,
        definition: projectDefinition.parse({ ...base, ...definition }),
        definitionSha256: '',
        appliedAt: '2026-01-01T00:00:00.000Z',
        appliedBy: 'ada',
      }),
      validation: async (project: string, datasetVersion: number) => ({
        project,
        datasetVersion,
        verdict,
        rows: 100,
        validRows: 100,
        quarantinedRows: 0,
        checks: [],
        validatedAt: '2026-01-01T00:00:00.000Z',
        projectRevision: 1,
        ...(verdict === 'Fail' ? {} : { validated: object('validated') }),
      }),
      datasetSha256: async () => digestOf('dataset'),
    },
    chooser: {
      withChosenRows: async <R>(_choice: unknown, run: (rows: ChosenRows) => Promise<R>) =>
        run({
          rows: { train: 70, validation: 15, test: 15 },
          labels: { all: ['0', '1'], train: ['0', '1'] },
          ...chosen,
          keep: async (classes) => {
            builds.push(classes);
            const names = ['train', 'validation', 'testFeatures', 'testLabels', 'trainFeatures'];
            return Object.fromEntries(names.map((name) => [name, object(name)])) as Awaited<
              ReturnType<ChosenRows['keep']>
            >;
          },
        }),
    },
    store: {
      find: async (id: string) => saved.get(id),
      newest: async () => [...saved.values()].at(-1),
      save: async (_project: string, built: TrainingSet, event: DomainEvent) => {
        if (saved.has(built.trainingSetId)) throw new AppError('conflict', 'TrainingSetExists', '');
        saved.set(built.trainingSetId, built);
        events.push(event);
      },
    },
    clock: manualClock('2026-01-03T00:00:00.000Z'),
  };
  return { build: (changed = {}) => buildTrainingSet(deps, { ...input, ...changed }, cause), events, builds };
}

describe('building a training set', () => {
  it('gives what the training machine passes on', async () => {
    const { build, events } = setUp();
    const built = await build();
    expect(trainingSet.parse(built)).toEqual(built);
    expect(built).toMatchObject({
      trainingSetId: expect.stringMatching(/^ts-[0-9a-f]{32}$/),
      signature: { inputs: [{ name: 'x', type: 'number' }], target: 'y', classes: ['0', '1'] },
    });
    const [event] = events;
    expect(
      TrainingSetBuilt.parse({
        source: event!.source,
        'detail-type': event!.detailType,
        detail: event!.detail,
      }).detail,
    ).toMatchObject({
      data: { featureNames: ['x'] },
      metadata: { causationId: 'cause', correlationId: 'cause' },
    });
  });

  it('builds once for one input, also when asked twice at once', async () => {
    const { build, events, builds } = setUp();
    const [first, second] = await Promise.all([build(), build()]);
    expect(second).toEqual(first);
    expect(await build({ asOf: '2026-01-02T00:00:00Z' })).toEqual(first);
    expect(events).toHaveLength(1);
    expect(builds).toHaveLength(2);
  });

  it('names a set otherwise when anything that decides it is another', async () => {
    const { build } = setUp();
    const changes = [{}, { projectRevision: 2 }, { datasetVersion: 3 }, { asOf: '2026-01-02T00:00:00.001Z' }];
    const sets = await Promise.all(changes.map((changed) => build(changed)));
    expect(new Set(sets.map(({ trainingSetId }) => trainingSetId)).size).toBe(changes.length);
  });

  it.each([
    ['the positive class second', { target: { ...base.target, positiveClass: 0 } }, ['1', '0'], ['1', '0']],
    [
      'numbers by value',
      { target: { column: 'y', task: 'multiclass_classification' } },
      ['10', '9', '2'],
      ['2', '9', '10'],
    ],
    [
      'words by letter',
      { target: { column: 'y', task: 'multiclass_classification' } },
      ['b', 'a', 'c'],
      ['a', 'b', 'c'],
    ],
    ['no classes for regression', { target: { column: 'y', task: 'regression' } }, [], []],
  ])('puts %s', async (_what, definition, found, classes) => {
    const { build } = setUp({ definition, chosen: { labels: { all: found, train: found } } });
    expect((await build()).signature.classes).toEqual(classes);
  });

  it('takes the classes that the project allows, seen or not', async () => {
    const columns = { ...base.data.columns, y: { type: 'integer', allowed: [3, 1, 2] } };
    const { build } = setUp({
      definition: {
        data: { ...base.data, columns },
        target: { column: 'y', task: 'multiclass_classification' },
      },
    });
    expect((await build()).signature.classes).toEqual(['1', '2', '3']);
  });

  it.each<[string, Changed, string, RegExp]>([
    ['a version that failed validation', { verdict: 'Fail' }, 'DatasetNotTrainable', /verdict Fail/],
    [
      'a version with too little data',
      { verdict: 'InsufficientData' },
      'DatasetNotTrainable',
      /InsufficientData/,
    ],
    [
      'a text feature',
      { definition: { excludeFeatures: [] } },
      'UnsupportedFeatureType',
      /Add 'note' to excludeFeatures/,
    ],
    [
      'an empty part',
      { chosen: { rows: { train: 3, validation: 0, test: 1 } } },
      'NoTrainingRows',
      /falls into: validation/,
    ],
    [
      'one class',
      { chosen: { labels: { all: ['0', '1'], train: ['0'] } } },
      'TooFewClasses',
      /only the class '0'/,
    ],
    [
      'three classes for a binary task',
      { chosen: { labels: { all: ['0', '1', '2'], train: ['0', '1'] } } },
      'TooManyClasses',
      /multiclass_classification/,
    ],
    [
      'rows without the positive class',
      { chosen: { labels: { all: ['2', '3'], train: ['2', '3'] } } },
      'PositiveClassMissing',
      /positiveClass is '1'/,
    ],
  ])('refuses %s', async (_what, changed, code, message) => {
    const { build, events } = setUp(changed);
    await expect(build()).rejects.toThrow(message);
    await expect(build()).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });
});
