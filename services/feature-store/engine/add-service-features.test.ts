import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { FeatureViewVersion, ViewAggregation, ViewFeature } from '../contract.ts';
import type { ChooseRows, ServiceFeatures } from '../ports.ts';
import { addServiceFeatures, assertNoLeak } from './add-service-features.ts';
import { chooseRows, writePart } from './choose-rows.ts';

const asOf = '2026-06-01T00:00:00.000Z';
const joinKeys = [{ name: 'driver_id', type: 'string' as const }];
type Source = Partial<Extract<FeatureViewVersion['source'], { type: 'dataset' }>>;
interface Values {
  readonly features?: readonly ViewFeature[];
  readonly aggregations?: readonly ViewAggregation[];
}

const viewOf = (view: string, source: Source, { features = [], aggregations = [] }: Values) =>
  ({
    project: 'rides',
    view,
    version: 1,
    definitionSha256: digestOf(view),
    entities: ['driver'],
    joinKeys,
    source: { type: 'dataset', name: 'log', dataset: 'rides', eventTimestamp: 'at', ...source },
    features: [...features],
    aggregations: [...aggregations],
    store: 'dynamodb',
    createdAt: asOf,
    projectRevision: 1,
  }) satisfies FeatureViewVersion;

/** A service of all features of the views, each by its own name. */
const serviceOf = (
  views: readonly FeatureViewVersion[],
  more: Partial<ServiceFeatures['version']> = {},
): ServiceFeatures => {
  const pinned = views.map(({ view, version, features, aggregations }) => ({
    view,
    version,
    joinKeys,
    store: 'dynamodb' as const,
    features: [...features, ...aggregations].map(({ name, type, sensitive }) => ({
      name,
      type,
      sensitive,
      as: name,
    })),
    aggregations,
  }));
  const outputs = [
    ...pinned.flatMap(({ features }) => features.map(({ name, type }) => ({ name, type }))),
    ...(more.onDemand ?? []).map(({ as, type }) => ({ name: as, type })),
  ];
  return {
    version: {
      project: 'rides',
      service: 'trip',
      version: 1,
      definitionSha256: digestOf('trip'),
      views: pinned,
      onDemand: [],
      request: [],
      outputs,
      createdAt: asOf,
      projectRevision: 1,
      ...more,
    },
    columns: {
      eventTime: 'at',
      asked: ['driver_id', ...(more.request ?? []).map(({ name }) => name)],
      outputs,
    },
    views: views.map((definition, index) => ({
      pinned: pinned[index]!,
      definition,
      found: { objects: [], sourceSha256: digestOf('rows') },
    })),
  };
};

const choiceOf = (service: ServiceFeatures): ChooseRows => ({
  project: 'rides',
  trainingSetId: 'ts',
  validated: { uri: 's3://data/rides', sha256: digestOf('rides'), bytes: 1 },
  columns: {
    primaryKey: 'id',
    eventTime: 'at',
    target: { name: 'fare', type: 'number' },
    features: [{ name: 'distance', type: 'number' }],
  },
  task: 'regression',
  split: { seed: 1, train: 0.7, validation: 0.15, test: 0.15 },
  asOf,
  service,
});

/** Hour by hour, of three drivers in turn. The fare is the ride's number: whoever sees one knows whose it is. It was known half an hour later. */
const rides = `SELECT 'r' || range AS id, 'd' || (range % 3) AS driver_id, range::DOUBLE AS fare, 2.0 AS distance,
  TIMESTAMPTZ '2026-01-01' + to_hours(range) AS "at", TIMESTAMPTZ '2026-01-01' + to_hours(range) + INTERVAL 30 MINUTE AS ended_at,
  TIMESTAMPTZ '2026-01-01' AS booked_at, TIMESTAMPTZ '2026-03-01' AS _available_at FROM range(60)`;

async function withRides<Result>(
  service: ServiceFeatures,
  files: Readonly<Record<string, string>>,
  run: (database: DuckDb, path: string, choice: ChooseRows, folder: string) => Promise<Result>,
): Promise<Result> {
  return withScratchFolder((folder) =>
    withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
      const pathOf = (name: string) => join(folder, `${name}.parquet`);
      for (const [name, sql] of Object.entries({ rides, ...files }))
        await database.run(`COPY (${sql}) TO '${pathOf(name)}' (FORMAT parquet)`);
      const choice = choiceOf(service);
      await chooseRows(database, pathOf('rides'), choice);
      await addServiceFeatures(
        database,
        choice,
        service,
        service.views.map(({ definition: { source } }) => [
          { path: pathOf(source.type === 'dataset' ? source.dataset : ''), format: 'parquet' },
        ]),
      );
      return run(database, pathOf('rides'), choice, folder);
    }),
  );
}

const fare: ViewFeature = { name: 'last_fare', type: 'number', column: 'fare', sensitive: false };
const rowsOf = (database: DuckDb) =>
  database.rows<{ key: string; label: number; f0: number; f1: number | null }>(
    'SELECT key, label, f0, f1 FROM chosen ORDER BY label',
  );

describe('features of a service in a training set', () => {
  const drivers = `SELECT * FROM (VALUES
    ('d0', 4.0, TIMESTAMPTZ '2026-01-01 00:00:00', TIMESTAMPTZ '2026-02-01'),
    ('d0', 5.0, TIMESTAMPTZ '2026-01-02 00:00:00', TIMESTAMPTZ '2026-02-01'),
    ('d0', 1.0, TIMESTAMPTZ '2026-01-02 06:00:00', TIMESTAMPTZ '2026-07-01'),
    ('d1', NULL, TIMESTAMPTZ '2026-01-01 00:00:00', TIMESTAMPTZ '2026-02-01')
  ) given(driver_id, rating, "at", _available_at)`;
  const rating = { name: 'rating', type: 'number' as const, column: 'rating', sensitive: false };
  const source = { dataset: 'drivers', availabilityDelaySeconds: 0 };

  it('are those of each row’s own time, known by asOf, and missing where there are none', async () => {
    const service = serviceOf([viewOf('drivers', source, { features: [rating] })]);
    const rows = await withRides(service, { drivers }, rowsOf);
    expect(rows).toHaveLength(60);
    for (const { key, f0, f1 } of rows) {
      const hour = Number(key.slice(1));
      expect(f0).toBe(2);
      expect([key, f1]).toEqual([key, hour % 3 === 0 ? (hour < 24 ? 4 : 5) : null]);
    }
  });

  it('stand after the features of the data, in the order of labels and keys, and come out the same again', async () => {
    const service = serviceOf([
      viewOf('drivers', source, { features: [rating] }),
      viewOf('history', { availabilityTimestamp: 'ended_at' }, { features: [fare] }),
    ]);
    const write = () =>
      withRides(service, { drivers }, async (database, _path, choice, folder) => {
        const texts: Record<string, string> = {};
        for (const part of ['testFeatures', 'testLabels', 'train'] as const) {
          await writePart(database, part, choice, [], join(folder, part));
          texts[part] = await readFile(join(folder, part), 'utf8');
        }
        return texts;
      });
    const texts = await write();
    const lines = (name: string) => texts[name]!.trimEnd().split('\n');
    for (const [index, line] of lines('testLabels').entries()) {
      const ride = Number(line.split(',')[1]!.slice(1));
      const rated = ride % 3 === 0 ? (ride < 24 ? '4.0' : '5.0') : '';
      expect(lines('testFeatures')[index]).toBe(`2.0,${rated},${ride < 3 ? '' : `${ride - 3}.0`}`);
    }
    expect(lines('train')[0]?.split(',')).toHaveLength(4);
    expect(await write()).toEqual(texts);
  });
});

describe('the outcome of a row', () => {
  it('is never a feature of the row itself, in values or in windows: only what was known at its time is', async () => {
    const sum: ViewAggregation = {
      name: 'fares',
      type: 'number',
      function: 'sum',
      column: 'fare',
      columnType: 'number',
      windowSeconds: 86_400,
      hopSeconds: 900,
      sensitive: false,
    };
    const known = { availabilityTimestamp: 'ended_at' };
    const service = serviceOf([
      viewOf('newest', known, { features: [fare] }),
      viewOf('window', known, { aggregations: [sum] }),
    ]);
    const rows = await withRides(service, {}, async (database, path, choice) => {
      await assertNoLeak(database, path, choice, service);
      return database.rows<{ label: number; f1: number | null; f2: number | null }>(
        'SELECT label, f1, f2 FROM chosen ORDER BY label',
      );
    });
    expect(rows).toHaveLength(60);
    for (const { label, f1, f2 } of rows) {
      const before = Array.from({ length: 8 }, (_none, n) => label - 3 * (n + 1)).filter((ride) => ride >= 0);
      expect([label, f1]).toEqual([label, before[0] ?? null]);
      expect([label, f2]).toEqual([label, before.length === 0 ? null : before.reduce((a, b) => a + b, 0)]);
    }
  });

  it('is unknown to all rows where nothing says when it was known: until it was uploaded', async () => {
    const service = serviceOf([viewOf('newest', {}, { features: [fare] })]);
    const seen = await withRides(service, {}, async (database, path, choice) => {
      await assertNoLeak(database, path, choice, service);
      return rowsOf(database);
    });
    expect(seen.every(({ f1 }) => f1 === null)).toBe(true);
  });

  it.each<[string, Source]>([
    ['when the row happened', { availabilityDelaySeconds: 0 }],
    ['before the row happened', { availabilityTimestamp: 'booked_at' }],
    [
      'before, and that the row happened earlier',
      { eventTimestamp: 'booked_at', availabilityTimestamp: 'booked_at' },
    ],
  ])('is refused as a feature where the source says that it was known %s', async (_when, source) => {
    const service = serviceOf([viewOf('newest', source, { features: [fare] })]);
    const refused = withRides(service, {}, (database, path, choice) =>
      assertNoLeak(database, path, choice, service),
    );
    await expect(refused).rejects.toMatchObject({ code: 'LabelLeakage' });
    await expect(refused).rejects.toThrow(/'last_fare' of view 'newest'.*60 rows/);
  });

  it('of later rows stays unknown, whatever the source says: none is known before it happened', async () => {
    const service = serviceOf([
      viewOf('newest', { availabilityTimestamp: 'booked_at' }, { features: [fare] }),
    ]);
    const seen = await withRides(service, {}, rowsOf);
    expect(seen.every(({ label, f1 }) => f1 !== null && f1 <= label)).toBe(true);
  });
});
