import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import {
  listMaterializations,
  type Retrieval,
  type readFeatureErasure,
  readFeatureFreshness,
  type SkewReport,
} from '#services/feature-store/contract.ts';
import { isTrained, listModelVersions } from '#services/registry/contract.ts';
import { Platform } from './platform.ts';
import { Rides } from './rides.ts';

interface Online {
  readonly entity: Readonly<Record<string, string>>;
  readonly features: Readonly<Record<string, { value: unknown; status: string; eventTimestamp?: string }>>;
}
interface Prediction {
  readonly key: string;
  readonly modelVersion: number;
  readonly features?: Readonly<Record<string, string>>;
}

describe('the example of the feature store', () => {
  let platform: Platform;
  let rides: Rides;
  let project: string;
  let driver: string;

  const online = async (): Promise<Online['features']> => {
    const asked = ['--service', 'driver_dashboard', `driver_id=${driver}`];
    const [one] = await rides.millrace<Online[]>('features', 'online', project, ...asked);
    return one?.features ?? {};
  };
  const predictions = (): Promise<Prediction[]> =>
    rides.millrace('predict', project, rides.file('requests.csv'));
  const materialized = (view: string, count: number) =>
    rides.journey.eventually(`materialization ${count} of ${view}`, async () => {
      const { items } = await rides.journey.as().call(listMaterializations, { params: { project, view } });
      return items.length === count && items[0]?.status === 'done' ? items[0] : undefined;
    });

  beforeAll(async () => {
    platform = await Platform.open();
    rides = new Rides(platform);
    project = rides.journey.project;
    await rides.makeData();
    // Whoever is asked about first; so there are predictions of this driver.
    driver = rides.lines('requests.csv')[1]!.split(',')[1]!;
  });
  afterAll(async () => {
    rides?.close();
    await platform?.close();
  });

  it('writes online what validated data says', async () => {
    await rides.millrace('apply', rides.projectFile('drivers.yaml'));
    await rides.millrace('apply', rides.projectFile('project.yaml'));
    await rides.millrace('upload', rides.drivers, rides.file('drivers.csv'), '--wait');
    await rides.millrace('upload', project, rides.file('rides.csv'), '--wait');
    for (const view of ['driver_hourly_stats', 'driver_history'])
      expect(await materialized(view, 1)).toMatchObject({
        occasion: 'data',
        written: { put: 40, deleted: 0, skipped: 0 },
      });
    expect(await online()).toMatchObject({
      acc_rate: { value: expect.any(Number), status: 'PRESENT' },
      last_speed: { value: null, status: 'NOT_FOUND' },
    });
  });

  it('trains a model with the features of each ride’s own time, and brings it into service', async () => {
    const request = await rides.journey.approvalOf(1);
    expect(request.metrics['auc']).toBeGreaterThan(0.65);
    const { items } = await rides.journey.as().call(listModelVersions, { params: { project } });
    expect(items.find(isTrained)?.signature).toMatchObject({
      featureService: { service: 'rides_inputs', version: 1 },
      inputs: [
        'distance_km',
        'estimated_minutes',
        'conv_rate',
        'acc_rate',
        'avg_daily_trips',
        'rides_6h',
        'rides_7d',
        'late_rate_7d',
        'distance_1d',
        'pace_kmh',
        'pace_by_acceptance',
      ].map((name) => expect.objectContaining({ name })),
    });
    await rides.millrace('approve', request.approvalId);
    await rides.journey.promotion(1);
  });

  it('predicts by the driver’s key', async () => {
    const answered = await predictions();
    expect(answered).toHaveLength(20);
    expect(answered.every(({ modelVersion }) => modelVersion === 1)).toBe(true);
    expect(answered.flatMap(({ features }) => Object.entries(features ?? {}))).toEqual([]);
  });

  it('knows at once what a stream says', async () => {
    const now = new Date(Date.now() - 5000).toISOString();
    const lines = ['driver_id,event_timestamp,speed_kmh', `${driver},${now},31`, `${driver},${now},33`];
    await rides.millrace('features', 'push', project, 'driver_pings', rides.write('pings.csv', lines));
    expect(await online()).toMatchObject({
      pings_1h: { value: 2, status: 'PRESENT' },
      mean_speed_1h: { value: 32, status: 'PRESENT', eventTimestamp: now },
    });
  });

  it('retrieves what was known of drivers at given times', async () => {
    const entities = rides.write('entities.csv', [
      'driver_id,event_timestamp,distance_km,estimated_minutes',
      `${driver},${new Date().toISOString()},12,30`,
      `${driver},2020-01-01T00:00:00Z,12,30`,
    ]);
    const asked = ['--entities', entities, '--output', rides.file('training.parquet')];
    const { trainingSet } = await rides.millrace<Retrieval>(
      ...['features', 'retrieve', project, '--service', 'rides_inputs', ...asked],
    );
    const counts = new Map(trainingSet?.counts.map(({ feature, ...count }) => [feature, count]));
    expect(counts.get('acc_rate')).toEqual({ present: 1, nulls: 0, expired: 0, notFound: 1 });
    expect(counts.get('pace_kmh')).toMatchObject({ present: 2 });
    expect(readFileSync(rides.file('training.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('served what training would have seen', async () => {
    const report = await rides.journey.eventually('a look at all predictions', async () => {
      const [newest] = await rides.millrace<SkewReport[]>('features', 'skew', project, '--check');
      return newest?.inferences === 20 ? newest : undefined;
    });
    expect(report).toMatchObject({
      verdict: 'Pass',
      featureService: { service: 'rides_inputs', version: 1 },
    });
    expect(report.features).toHaveLength(9);
    for (const { feature, compared, stale, different } of report.features)
      expect([feature, compared, stale, different]).toEqual([feature, 20, 0, 0]);
  });

  it('tells how fresh views are', async () => {
    // Records are noted when they have landed.
    await rides.journey.eventually('the freshness of pings', async () => {
      const { views } = await rides.journey.as().call(readFeatureFreshness, { params: { project } });
      return views.find(({ view }) => view === 'driver_pings')?.newestEventAt;
    });
    const { views } = await rides.millrace<{ views: unknown[] }>('features', 'freshness', project);
    expect(views).toMatchObject([
      { view: 'driver_hourly_stats', status: 'fresh', maxLagSeconds: 86_400 },
      { view: 'driver_history', status: 'no-objective', lagSeconds: expect.any(Number) },
      { view: 'driver_pings', status: 'no-objective', lagSeconds: expect.any(Number) },
    ]);
  });

  it('writes only what changed when more data comes', async () => {
    const [header = ''] = rides.lines('drivers.csv');
    const at = new Date(Date.now() - 60_000).toISOString();
    const rows = [driver, 'd999'].map((id) => `${id}@${at},${id},${at},${at},0.5,0.25,7`);
    const more = rides.write('more-drivers.csv', [header, ...rows]);
    await rides.millrace('upload', rides.drivers, more, '--wait');
    expect(await materialized('driver_hourly_stats', 2)).toMatchObject({
      mode: 'incremental',
      datasetVersion: 2,
      written: { put: 2, deleted: 0, skipped: 0 },
    });
    expect(await online()).toMatchObject({
      acc_rate: { value: 0.25, status: 'PRESENT', eventTimestamp: at },
    });
  });

  it('forgets a driver', async () => {
    const asked = ['--reason', 'withdrew consent', '--confirm', project];
    const { status, certificateText } = await rides.millrace<z.output<typeof readFeatureErasure.response>>(
      ...['features', 'erase', project, 'driver', `driver_id=${driver}`, ...asked],
    );
    const drives = rides.lines('requests.csv').filter((line) => line.split(',')[1] === driver);
    expect(status).toBe('done');
    expect(certificateText).toMatchObject({
      onlineValuesDeleted: 3,
      recordsErased: 2,
      predictionsErased: drives.length,
      reason: 'withdrew consent',
    });
    expect(certificateText?.remaining.map(({ kind }) => kind)).toContain('dataset');
    expect(Object.values(await online()).map((feature) => feature.status)).toEqual(
      Array.from({ length: 4 }, () => 'NOT_FOUND'),
    );
    expect((await predictions())[0]?.features).toEqual({
      driver_hourly_stats: 'NOT_FOUND',
      driver_history: 'NOT_FOUND',
    });
  });

  it('is told step by step', async () => {
    const { stdout } = await platform.command('status', project);
    for (const told of [
      'rows; 11 features',
      'features of rides_inputs version 1',
      'version 1: 40 values written, 0 deleted',
      '3 online values, 2 records',
    ])
      expect(stdout).toContain(told);
    const drivers = await platform.command('status', rides.drivers);
    expect(drivers.stdout).toContain('has no target and trains nothing');
    expect(drivers.stdout).not.toContain('running');
  });
});
