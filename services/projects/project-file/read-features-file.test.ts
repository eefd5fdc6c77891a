import { describe, expect, it } from 'vitest';
import type { AppError, Violation } from '#shared/kernel/errors.ts';
import { type ProjectDefinition, projectDefinition } from '../contract.ts';
import { openFeaturesFile } from './read-features-file.ts';

const base = {
  name: 'trips',
  owners: ['ada'],
  data: {
    primaryKey: 'trip_id',
    eventTime: 'at',
    columns: {
      trip_id: { type: 'string' },
      driver_id: { type: 'integer' },
      at: { type: 'timestamp' },
      distance: { type: 'number' },
      kind: { type: 'string' },
      late: { type: 'boolean' },
    },
  },
  target: { column: 'late', task: 'binary_classification', positiveClass: true },
  excludeFeatures: ['driver_id', 'kind'],
};
const project = (changed: object = {}): ProjectDefinition => projectDefinition.parse({ ...base, ...changed });
const dataOf = (members: object) =>
  projectDefinition.parse({ name: 'stats', owners: ['bob'], data: { primaryKey: 'id', ...members } }).data;
const stats = dataOf({
  eventTime: 'day',
  columns: {
    id: { type: 'string' },
    day: { type: 'timestamp' },
    driver_id: { type: 'integer' },
    rating: { type: 'number' },
    trips: { type: 'integer' },
    city: { type: 'string' },
  },
});

const file = `entities:
  driver: { joinKeys: { driver_id: integer } }
sources:
  stats: { type: dataset, dataset: stats }
  own: { type: dataset }
  positions: { type: stream, columns: { driver_id: integer, speed: number } }
featureViews:
  driver_stats:
    entities: [driver]
    source: stats
    schema: { rating: number, trips: integer, city: string }
    ttl: 30d
  driver_week:
    entities: [driver]
    source: own
    aggregations:
      trips_7d: { function: count, window: 7d }
      far_7d: { function: sum, column: distance, window: 7d }
  driver_now:
    entities: [driver]
    source: positions
    schema: { speed: number }
onDemandFeatureViews:
  ratios:
    request: { distance: number }
    views: [driver_week]
    features:
      share: { type: number, expression: 'distance / nullif(far_7d, 0)' }
featureServices:
  lateness: { features: ['driver_stats:rating', driver_week, 'ratios:share'] }
`;
const trained = { training: { featureService: 'lateness' } };

function read(text: string, definition = project(), datasets = new Map([['stats', stats]])) {
  return openFeaturesFile(text, 'trips').read(definition, datasets);
}

function violations(
  text: string,
  ...rest: [ProjectDefinition?, Map<string, typeof stats>?]
): readonly Violation[] {
  try {
    read(text, ...rest);
  } catch (error) {
    expect(error).toMatchObject({ code: 'InvalidFeatures', kind: 'invalid_input' });
    return (error as AppError).details.violations!;
  }
  throw new Error('The file was accepted.');
}

describe('reading a features file', () => {
  it('names the projects whose datasets it needs, and takes what holds', () => {
    expect(openFeaturesFile(file, 'trips').datasets).toEqual(['stats']);
    expect(read(file, project(trained)).featureViews['driver_week']).toMatchObject({ online: true });
  });

  it('leaves open what hangs on a contract that is not there yet', () => {
    const waiting = project({ data: { primaryKey: 'trip_id' }, excludeFeatures: [], ...trained });
    expect(() => read(file, waiting)).not.toThrow();
  });

  it.each([
    ['an unknown member', 'ttl: 30d', 'tll: 30d', 12, "did you mean 'ttl'?"],
    [
      'an unknown entity',
      'entities: [driver]\n    source: own',
      'entities: [drivr]\n    source: own',
      14,
      "did you mean 'driver'?",
    ],
    ['an unknown source', 'source: own', 'source: owm', 15, "did you mean 'own'?"],
    [
      'a feature that is no column',
      'rating: number, trips',
      'ratng: number, trips',
      11,
      "'ratng' is no column of source 'stats'; did you mean 'rating'?",
    ],
    ['a feature of another type', 'city: string', 'city: number', 11, 'is string, and the feature is number'],
    [
      'a join key that is no column',
      '{ driver_id: integer } }\nsources',
      '{ driver: integer } }\nsources',
      10,
      "'driver' is no column of source 'stats'",
    ],
    [
      'a join key of another type',
      '{ driver_id: integer } }\nsources',
      '{ driver_id: string } }\nsources',
      10,
      'the join key is string',
    ],
    [
      'an event timestamp that is none',
      'dataset: stats }',
      'dataset: stats, eventTimestamp: city }',
      4,
      'a time is a column of type timestamp: day',
    ],
    ['a ttl beside aggregations', 'source: own', 'source: own\n    ttl: 1d', 16, 'leave ttl out'],
    ['a sum of nothing', 'function: sum, column: distance', 'function: sum', 18, 'sum needs a column'],
    ['a sum of text', 'column: distance', 'column: kind', 18, 'sum needs a column of type number or integer'],
    [
      'a window that is too long',
      'far_7d: { function: sum, column: distance, window: 7d',
      'far_7d: { function: sum, column: distance, window: 401d',
      18,
      '1m to 400d',
    ],
    ['a stream that feeds two views', 'source: own', 'source: positions', 21, 'a stream feeds one view'],
    [
      'a materialization that is too frequent',
      'ttl: 30d',
      'materialization: { every: 5m }',
      12,
      '15m is the least',
    ],
    [
      'aggregations that SageMaker is to keep',
      'source: own',
      'source: own\n    store: sagemaker',
      16,
      'a view with aggregations is kept in the platform’s own table',
    ],
    [
      'a stream that SageMaker is to keep',
      'source: positions',
      'source: positions\n    store: sagemaker',
      22,
      'a view of a stream is kept in the platform’s own table',
    ],
    ['an expression that cannot be read', 'distance / nullif', 'distance / nullf', 28, 'nullif'],
    [
      'an expression of another type',
      'type: number, expression',
      'type: boolean, expression',
      28,
      'must be boolean',
    ],
    ['an expression of a name that is none', 'nullif(far_7d', 'nullif(far_8d', 28, 'far_7d'],
    [
      'an on-demand view of an unknown view',
      'views: [driver_week]',
      'views: [driver_weak]',
      26,
      "did you mean 'driver_week'?",
    ],
    [
      'a service with an unknown view',
      'lateness: { features: [',
      'lateness: { features: [driver_stat, ',
      30,
      "did you mean 'driver_stats'?",
    ],
    [
      'a service with an unknown feature',
      'driver_stats:rating',
      'driver_stats:ratings',
      30,
      "did you mean 'rating'?",
    ],
    [
      'a feature named twice',
      'lateness: { features: [',
      "lateness: { features: ['driver_week:far_7d', ",
      30,
      'is named twice',
    ],
    ['a name of two features', 'far_7d: { function', 'rating: { function', 30, 'set fullFeatureNames: true'],
    [
      'a comparison that is too frequent',
      'featureServices:',
      'skew: { every: 30m }\nfeatureServices:',
      29,
      '1h is the least',
    ],
  ])('refuses %s', (_what, before, after, line, message) => {
    expect(file).toContain(before);
    const found = violations(file.replace(before, after));
    expect(found).toContainEqual(
      expect.objectContaining({ line, message: expect.stringContaining(message) }),
    );
  });

  it('refuses a name that stands for two inputs, until it is told which', () => {
    const twice = file
      .replace('views: [driver_week]', 'views: [driver_week, driver_now]')
      .replace('far_7d: {', 'speed: {')
      .replace('nullif(far_7d', 'nullif(speed');
    expect(violations(twice)).toMatchObject([
      { line: 28, message: expect.stringContaining('write driver_week__speed or driver_now__speed') },
    ]);
    expect(() => read(twice.replace('nullif(speed', 'nullif(driver_week__speed'))).not.toThrow();
  });

  it('needs the contract of another project’s dataset', () => {
    expect(violations(file, project(), new Map([['stats', dataOf({})]]))).toMatchObject([
      { line: 4, message: expect.stringContaining("project 'stats' has no contract yet") },
    ]);
  });

  it('needs an event time of each dataset', () => {
    const { eventTime: _, ...timeless } = base.data;
    expect(
      violations(file, project({ data: timeless, excludeFeatures: ['driver_id', 'kind', 'at'] })),
    ).toMatchObject([{ line: 5, message: expect.stringContaining('names no eventTime') }]);
  });

  it.each([
    ['a service that is none', { training: { featureService: 'latness' } }, "did you mean 'lateness'?"],
    [
      'a join key that the data has not',
      { data: { ...base.data, columns: { ...base.data.columns, driver_id: undefined } } },
      "'driver_id', a join key of the feature service 'lateness', is no column of the data",
    ],
  ])('holds the model’s service against the data: %s', (_what, changed, message) => {
    const definition = project({
      ...trained,
      ...JSON.parse(JSON.stringify(changed)),
      excludeFeatures: ['kind'],
    });
    const aboutStats = file
      .replace(/ {2}driver_week:[\s\S]*?far_7d.*\n/, '')
      .replace(/onDemandFeatureViews[\s\S]*expression.*\n/, '');
    const text = aboutStats.replace(", driver_week, 'ratios:share'", '');
    expect(violations(text, definition)).toContainEqual(
      expect.objectContaining({
        path: 'project.yaml/training/featureService',
        message: expect.stringContaining(message),
      }),
    );
  });

  it('refuses features of a model that are text, or named as a column of the data', () => {
    const texts = violations(file.replace("'driver_stats:rating'", 'driver_stats'), project(trained));
    expect(texts).toMatchObject([
      { message: expect.stringContaining("'city' of the feature service 'lateness' is string") },
    ]);
    const renamed = file.replace('share: {', 'distance: {').replace('ratios:share', 'ratios:distance');
    expect(violations(renamed, project(trained))).toMatchObject([
      { message: expect.stringContaining("'distance' is a column of the data and a feature") },
    ]);
  });

  it('lets features of captures be declared where the model is asked by entity', () => {
    const asked = file
      .replace(
        'onDemandFeatureViews:',
        '  asked: { entities: [driver], source: answers, aggregations: { asked_1d: { function: count, window: 1d } } }\nonDemandFeatureViews:',
      )
      .replace('  own: {', '  answers: { type: captures }\n  own: {');
    expect(() => read(asked, project(trained))).not.toThrow();
    expect(violations(asked)).toMatchObject([
      { line: 5, message: expect.stringContaining('training.featureService is not set') },
    ]);
  });
});
