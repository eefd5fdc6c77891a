import { describe, expect, it } from 'vitest';
import type { FeatureServiceVersion } from '#services/feature-store/contract.ts';
import { predictionsWorld, type Routed, routedVersion } from '#test/doubles/predictions.ts';
import type { Instance } from '../domain/instances.ts';
import { predict } from './predict.ts';

const joinKey = (name: string) => ({ name, type: 'string' as const });
const pinned = (view: string, version: number, key: string, features: readonly [string, string?][]) => ({
  view,
  version,
  joinKeys: [joinKey(key)],
  store: 'dynamodb' as const,
  features: features.map(([name, as]) => ({
    name,
    type: 'number' as const,
    sensitive: false,
    ...(as === undefined ? {} : { as }),
  })),
  aggregations: [],
});

/** Version 2 reads another version of the drivers than version 1. */
const service = (version: number): FeatureServiceVersion => ({
  project: 'tumour',
  service: 'trip',
  version,
  definitionSha256: 'a'.repeat(64),
  views: [
    pinned('drivers', version, 'driver_id', [['rating', 'rating'], ['base_fee']]),
    pinned('zones', 1, 'zone_id', [['demand', 'demand']]),
  ],
  onDemand: [
    {
      view: 'fees',
      name: 'fee',
      as: 'fee',
      type: 'number',
      expression: 'base_fee + distance',
      variables: [
        { name: 'base_fee', type: 'number', from: { view: 'drivers', feature: 'base_fee' } },
        { name: 'distance', type: 'number', from: { request: 'distance' } },
      ],
    },
  ],
  request: [{ name: 'distance', type: 'number' }],
  outputs: ['rating', 'demand', 'fee'].map((name) => ({ name, type: 'number' as const })),
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
});

const byKeys = (modelVersion: number, share: number, serviceVersion: number): Routed =>
  routedVersion(modelVersion, share, {
    inputs: ['x', 'rating', 'demand', 'fee'].map((name) => ({ name, type: 'number' as const })),
    featureService: {
      service: 'trip',
      version: serviceVersion,
      joinKeys: [joinKey('driver_id'), joinKey('zone_id')],
    },
  });

const present = (values: Record<string, number | null>) =>
  ({ status: 'PRESENT', eventAt: 1_700_000_000_000_001, values }) as const;
const online = {
  'drivers/1/d1': present({ rating: 4.5, base_fee: 2 }),
  'drivers/1/d2': {
    status: 'EXPIRED',
    eventAt: 1_600_000_000_000_000,
    values: { rating: null, base_fee: null },
  },
  'drivers/2/d1': present({ rating: 9, base_fee: 20 }),
  'zones/1/z1': present({ demand: 0.25 }),
} as const;
const setUp = (world: Parameters<typeof predictionsWorld>[0] = {}) => {
  const built = predictionsWorld({
    versions: [byKeys(1, 1, 1)],
    services: [service(1), service(2)],
    online,
    ...world,
  });
  const ask = (...instances: Instance[]) =>
    predict(built.deps, { project: 'tumour', instances, caller: 'app' });
  return { ...built, ask };
};
const keys = { x: 1, driver_id: 'd1', zone_id: 'z1', distance: 3 };

describe('predicting by entity keys', () => {
  it('reads what the model pinned, computes on-demand features, and captures what was used and where it came from', async () => {
    const { ask, sent, captured } = setUp();
    const answer = await ask(keys);
    expect(sent).toEqual(['1,4.5,0.25,5']);
    expect(answer.predictions[0]).not.toHaveProperty('features');
    expect(captured).toMatchObject([
      {
        at: '2026-01-01T00:00:00.000Z',
        features: { x: 1, rating: 4.5, demand: 0.25, fee: 5 },
        served: {
          service: 'trip',
          version: 1,
          joinKeys: { driver_id: 'd1', zone_id: 'z1' },
          views: [
            { view: 'drivers', version: 1, status: 'PRESENT', eventAt: '2023-11-14T22:13:20.000001Z' },
            { view: 'zones', version: 1, status: 'PRESENT' },
          ],
          request: { distance: 3 },
        },
      },
    ]);
    expect(Object.keys(captured[0]!.features)).toEqual(['x', 'rating', 'demand', 'fee']);
  });

  it('gives what is expired or not found as a missing value, and says so', async () => {
    const { ask, sent, captured } = setUp();
    const answer = await ask({ ...keys, driver_id: 'd2' }, { ...keys, zone_id: 'nowhere' });
    expect(sent).toEqual(['1,,0.25,', '1,4.5,,5']);
    expect(answer.predictions.map(({ features }) => features)).toEqual([
      { drivers: 'EXPIRED' },
      { zones: 'NOT_FOUND' },
    ]);
    expect(captured[1]).toMatchObject({
      features: { demand: null },
      served: { views: [{}, { status: 'NOT_FOUND' }] },
    });
  });

  it('takes values that are sent, also for what is computed of them, and reads only what is lacking', async () => {
    const { ask, sent, reads, captured } = setUp();
    await ask({ x: 1, rating: 1, fee: 7, zone_id: 'z1' }, { x: 1, rating: null, demand: 2, fee: 7 });
    expect(sent).toEqual(['1,1,0.25,7', '1,,2,7']);
    expect(reads.map(([, lookups]) => lookups.map(({ view, keys: asked }) => [view.view, asked]))).toEqual([
      [['zones', [['z1']]]],
    ]);
    expect(captured[0]?.served).toMatchObject({ joinKeys: { zone_id: 'z1' }, given: ['rating', 'fee'] });
    expect(captured[1]).not.toHaveProperty('served');
  });

  it('reads nothing where all features are sent, keys or not', async () => {
    const { ask, reads, captured } = setUp({ services: [] });
    await ask({ x: 1, rating: 2, demand: 3, fee: 4, driver_id: 'd1' });
    expect(reads).toEqual([]);
    expect(captured[0]?.features).toEqual({ x: 1, rating: 2, demand: 3, fee: 4 });
  });

  it('reads 500 instances in one round, each entity once', async () => {
    const { ask, reads, sent } = setUp();
    await ask(...Array.from({ length: 500 }, (_none, n) => ({ ...keys, driver_id: `d${n % 50}` })));
    expect(reads).toHaveLength(1);
    expect(reads[0]?.[1].map(({ keys: asked }) => asked.length)).toEqual([50, 1]);
    expect(reads[0]?.[2]).toBe(Date.parse('2026-01-01T00:00:00Z') * 1000);
    expect(sent).toHaveLength(500);
    expect(sent[1]).toBe('1,4.5,0.25,5');
    expect(sent[51]).toBe(sent[1]);
  });

  it.each<[string, Instance, string, RegExp]>([
    [
      'neither features nor keys',
      { x: 1 },
      'EntityKeysMissing',
      /instances\/0 lacks rating, demand, fee: send them, or driver_id, zone_id, distance/,
    ],
    ['a key that is null', { ...keys, zone_id: null }, 'EntityKeysMissing', /or zone_id/],
    [
      'a key of another type',
      { ...keys, driver_id: 7 },
      'InvalidEntities',
      /instances\/0 has 'driver_id' = 7/,
    ],
    [
      'no value that an expression takes',
      { x: 1, driver_id: 'd1', zone_id: 'z1' },
      'EntityKeysMissing',
      /or distance/,
    ],
    [
      'text for a number in an expression',
      { ...keys, distance: 'far' },
      'InvalidInstances',
      /distance is "far"/,
    ],
    ['no value of the data itself', { ...keys, x: undefined as never }, 'InvalidInstances', /x is missing/],
    ['a name that nobody knows', { ...keys, driver: 'd1' }, 'InvalidInstances', /driver is not an input/],
  ])('refuses an instance with %s', async (_what, instance, code, message) => {
    const { ask, metered } = setUp();
    const refused = ask(instance);
    await expect(refused).rejects.toMatchObject({ code, kind: 'invalid_input' });
    await expect(refused).rejects.toThrow(message);
    expect(metered).toEqual([]);
  });

  it('says that the online store is busy, and blames no model for it', async () => {
    const { ask, metered } = setUp({ busy: true, versions: [byKeys(1, 0.5, 1), byKeys(2, 0.5, 2)] });
    await expect(ask(keys)).rejects.toMatchObject({ code: 'OnlineStoreBusy', kind: 'unavailable' });
    expect(metered).toEqual([]);
  });

  it('lets each version read what it pinned, also when one answers for another that failed', async () => {
    const { ask, sent, captured } = setUp({
      versions: [byKeys(1, 0.5, 1), byKeys(2, 0.5, 2)],
      broken: ['e1'],
    });
    for (let asked = 0; asked < 10; asked++) expect(await ask(keys)).toMatchObject({ modelVersion: 2 });
    expect(new Set(sent)).toEqual(new Set(['1,9,0.25,23']));
    expect(captured.every(({ served }) => served?.version === 2)).toBe(true);
  });

  it('takes keys that only another serving version needs', async () => {
    const { ask } = setUp({ versions: [routedVersion(1, 1), byKeys(2, 0, 1)] });
    expect(await ask({ x: 1, driver_id: 'd1', zone_id: 'z1' })).toMatchObject({ modelVersion: 1 });
  });
});
