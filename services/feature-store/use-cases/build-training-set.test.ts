import { describe, expect, it } from 'vitest';
import { TrainingSetBuilt } from '#events/feature-store.ts';
import { type Changed, trainingProject, trainingSetWorld } from '#test/doubles/training-sets.ts';
import { trainingSet } from '../contract.ts';

describe('building a training set', () => {
  it('gives what the training machine passes on', async () => {
    const { build, events } = trainingSetWorld();
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
    const { build, events, builds } = trainingSetWorld();
    const [first, second] = await Promise.all([build(), build()]);
    expect(second).toEqual(first);
    expect(await build({ asOf: '2026-01-02T00:00:00Z' })).toEqual(first);
    expect(events).toHaveLength(1);
    expect(builds).toHaveLength(2);
  });

  it('names a set otherwise when anything that decides it is another', async () => {
    const { build } = trainingSetWorld();
    const changes = [{}, { projectRevision: 2 }, { datasetVersion: 3 }, { asOf: '2026-01-02T00:00:00.001Z' }];
    const sets = await Promise.all(changes.map((changed) => build(changed)));
    expect(new Set(sets.map(({ trainingSetId }) => trainingSetId)).size).toBe(changes.length);
  });

  it.each([
    [
      'the positive class second',
      { target: { ...trainingProject.target, positiveClass: 0 } },
      ['1', '0'],
      ['1', '0'],
    ],
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
    const { build } = trainingSetWorld({ definition, chosen: { labels: { all: found, train: found } } });
    expect((await build()).signature.classes).toEqual(classes);
  });

  it('takes the classes that the project allows, seen or not', async () => {
    const columns = { ...trainingProject.data.columns, y: { type: 'integer', allowed: [3, 1, 2] } };
    const { build } = trainingSetWorld({
      definition: {
        data: { ...trainingProject.data, columns },
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
    const { build, events } = trainingSetWorld(changed);
    await expect(build()).rejects.toThrow(message);
    await expect(build()).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });
});
