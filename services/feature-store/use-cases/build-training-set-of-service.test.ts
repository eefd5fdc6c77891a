import { describe, expect, it } from 'vitest';
import { TrainingSetBuilt } from '#events/feature-store.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { type Changed, trainingSetWorld } from '#test/doubles/training-sets.ts';
import { type FeatureViewVersion, trainingSet } from '../contract.ts';
import type { DefinedService } from '../ports.ts';

const rides = {
  data: {
    primaryKey: 'id',
    eventTime: 'at',
    columns: {
      id: { type: 'string' },
      at: { type: 'timestamp' },
      driver_id: { type: 'string' },
      x: { type: 'number' },
      distance: { type: 'number' },
      weather: { type: 'string' },
      note: { type: 'string' },
      y: { type: 'integer' },
    },
  },
  training: { featureService: 'trip' },
};
const drivers: FeatureViewVersion = {
  project: 'wine',
  view: 'drivers',
  version: 3,
  definitionSha256: digestOf('drivers'),
  entities: ['driver'],
  joinKeys: [{ name: 'driver_id', type: 'string' }],
  source: { type: 'dataset', name: 'logs', dataset: 'drivers', eventTimestamp: 'at' },
  features: [{ name: 'rating', type: 'number', column: 'rating', sensitive: false }],
  aggregations: [],
  store: 'dynamodb',
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
};
const trip = (changed: Partial<DefinedService['version']> = {}): DefinedService => ({
  version: {
    project: 'wine',
    service: 'trip',
    version: 2,
    definitionSha256: digestOf('trip'),
    views: [
      {
        view: 'drivers',
        version: 3,
        joinKeys: drivers.joinKeys,
        store: 'dynamodb',
        features: [{ name: 'rating', type: 'number', sensitive: false, as: 'rating' }],
        aggregations: [],
      },
    ],
    onDemand: [],
    request: [
      { name: 'distance', type: 'number' },
      { name: 'weather', type: 'string' },
    ],
    outputs: [{ name: 'rating', type: 'number' }],
    createdAt: '2026-01-01T00:00:00.000Z',
    projectRevision: 1,
    ...changed,
  },
  views: [drivers],
});

describe('a training set with the features of a service', () => {
  const world = (changed: Changed = {}) =>
    trainingSetWorld({ definition: rides, service: trip(), ...changed });

  it('has the service’s outputs after the columns of the data, and pins what it was made of', async () => {
    const { build, events, choices } = world();
    const built = await build();
    expect(trainingSet.parse(built)).toEqual(built);
    expect(built.signature).toMatchObject({
      inputs: [
        { name: 'x', type: 'number' },
        { name: 'distance', type: 'number' },
        { name: 'rating', type: 'number' },
      ],
      featureService: { service: 'trip', version: 2, joinKeys: [{ name: 'driver_id', type: 'string' }] },
    });
    expect(built.views).toMatchObject([
      { view: 'drivers', version: 3, dataset: 'drivers', datasetVersion: 4 },
    ]);
    expect(choices[0]?.service?.columns).toMatchObject({
      eventTime: 'at',
      asked: ['driver_id', 'distance', 'weather'],
    });
    const [event] = events;
    expect(TrainingSetBuilt.data.parse(event!.detail.data)).toMatchObject({
      featureNames: ['x', 'distance', 'rating'],
      featureService: { service: 'trip', version: 2 },
      views: [{ view: 'drivers', version: 3, dataset: 'drivers', datasetVersion: 4 }],
    });
  });

  it('is another one when the service, a view or the rows of a source are others', async () => {
    const otherView = trip({ views: trip().version.views.map((view) => ({ ...view, version: 4 })) });
    const ids = await Promise.all(
      [
        {},
        { rowsOfViews: 'more rows' },
        { service: trip({ version: 3 }) },
        { service: otherView },
        { definition: { ...rides, training: {}, excludeFeatures: ['driver_id', 'weather', 'note'] } },
      ].map(async (changed) => (await world(changed).build()).trainingSetId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect((await world().build()).trainingSetId).toBe(ids[0]);
  });

  it.each<[string, Changed, string, RegExp]>([
    ['a service that is not declared', { service: undefined as never }, 'FeatureServiceNotFound', /^/],
    [
      'rows without a time',
      {
        definition: {
          ...rides,
          data: { ...rides.data, eventTime: undefined },
          excludeFeatures: ['at', 'note'],
        },
      },
      'EventTimeMissing',
      /data\.eventTime names no column/,
    ],
    [
      'rows without a join key',
      {
        service: trip({ request: [{ name: 'speed', type: 'number' }] }),
        definition: { ...rides, excludeFeatures: ['note', 'weather'] },
      },
      'ServiceColumnsMissing',
      /asked with 'speed'/,
    ],
    [
      'an output that is text',
      { service: trip({ outputs: [{ name: 'rating', type: 'string' }] }) },
      'UnsupportedFeatureType',
      /'rating' of the service 'trip' is string/,
    ],
    [
      'an output with the name of a column',
      { service: trip({ outputs: [{ name: 'X', type: 'number' }] }) },
      'FeatureNameTaken',
      /fullFeatureNames/,
    ],
    [
      'a text column that nothing needs',
      { definition: { ...rides, excludeFeatures: [] } },
      'UnsupportedFeatureType',
      /'note'/,
    ],
    [
      'more rows than a function can join',
      { bytes: 1_000_000_001 },
      'TrainingSetTooLarge',
      /1000000002 bytes/,
    ],
  ])('refuses %s', async (_what, changed, code, message) => {
    const { build, choices } = world(changed);
    const refused = build();
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(message);
    expect(choices).toEqual([]);
  });
});
