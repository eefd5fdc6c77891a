import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { featureDefinitions } from '#services/projects/contract.ts';
import { featuresFileText, mapRepository } from './map-repository.ts';
import { featureNameOf, projectNameOf } from './names.ts';
import { readRepository } from './read-repository.ts';
import type { FeastRegistry, FeastView } from './registry-objects.ts';

/** Written by Feast itself: make_repository.py beside it. */
const repository = path.join(import.meta.dirname, '../../../../test/fixtures/feast/repository');

const about = { project: 'taxi', description: '', owner: '', tags: {} };
const source = {
  ...about,
  name: 'rows',
  type: 1,
  timestampField: 'at',
  createdTimestampColumn: '',
  datePartitionColumn: '',
  fieldMapping: {},
  schema: [],
};
const view: FeastView = {
  ...about,
  name: 'stats',
  entities: ['driver'],
  features: [{ name: 'speed', valueType: 5, description: '' }],
  entityColumns: [],
  ttlSeconds: 0,
  online: true,
  batchSource: source,
  aggregations: [],
  isTransformed: false,
};
const mapped = (...views: FeastView[]) => {
  const registry: FeastRegistry = { entities: [], views, onDemandViews: [], services: [] };
  return mapRepository({ project: 'taxi', registry });
};
const folderWith = (settings: string): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'feast-'));
  writeFileSync(path.join(folder, 'feature_store.yaml'), settings);
  return folder;
};

describe('importing a Feast repository', () => {
  it('gives definitions that our own schema takes, with names, types, ttl, owners and tags', () => {
    const read = readRepository(repository);
    const text = featuresFileText(mapRepository(read), read.project);
    const definitions = featureDefinitions.parse(parse(text));
    expect(definitions).toMatchObject({
      entities: {
        driver: {
          joinKeys: { driver_id: 'integer' },
          description: 'Who drives.',
          owner: 'fleet@example.com',
          tags: { team: 'fleet' },
        },
        customer: { joinKeys: { customer_id: 'string' } },
      },
      sources: {
        driver_hourly_stats_source: {
          type: 'dataset',
          dataset: 'driver-hourly-stats-source',
          eventTimestamp: 'event_timestamp',
          availabilityTimestamp: 'created',
        },
        driver_fresh_stats_records: {
          type: 'stream',
          columns: { driver_id: 'integer', last_ride: 'timestamp' },
        },
      },
      featureViews: {
        driver_hourly_stats: {
          ttl: '1d',
          online: true,
          schema: {
            conv_rate: { type: 'number', column: 'conv', description: 'Accepted per offered.' },
            avg_daily_trips: 'integer',
            active: 'boolean',
          },
          tags: { team: 'driver_performance' },
        },
        driver_positions: { ttl: '15m', online: false },
      },
      featureServices: {
        driver_activity_v1: {
          features: ['driver_hourly_stats:conv_rate', 'driver_hourly_stats:acc_rate', 'driver_positions'],
          owner: 'bob@example.com',
        },
        driver_activity_v2: { fullFeatureNames: true },
      },
    });
    expect(definitions.featureViews['driver_fresh_stats']).not.toHaveProperty('ttl');
  });

  it('says of everything else what became of it, and why', () => {
    const { notes } = mapRepository(readRepository(repository));
    const about = (subject: string) => notes.find((note) => note.subject === subject);
    expect(about('feature view global_stats')).toMatchObject({
      outcome: 'left out',
      reason: expect.stringContaining('has no entity'),
    });
    expect(about('on-demand feature view trip_ratios')?.reason).toContain(
      'Python code makes conv_per_km (number) of request distance, view driver_hourly_stats',
    );
    expect(about('feature driver_hourly_stats:tags')?.reason).toContain('it is a list');
    expect(about('data source positions_kafka')).toMatchObject({ outcome: 'to do' });
    expect(about('entity Customer')).toMatchObject({ outcome: 'changed' });
  });

  it('maps windows of stream views, and leaves out functions that are none here', () => {
    const aggregation = { name: '', column: 'speed', windowSeconds: 3600 };
    const { features, notes } = mapped({
      ...view,
      streamSource: { ...source, name: 'events', type: 4 },
      ttlSeconds: 60,
      aggregations: [
        { ...aggregation, function: 'avg' },
        { ...aggregation, function: 'std' },
        { ...aggregation, function: 'sum', windowSeconds: 0 },
      ],
    });
    expect(features.featureViews?.['stats']).toEqual({
      entities: ['driver'],
      source: 'stats_records',
      aggregations: { avg_speed_3600s: { function: 'mean', column: 'speed', window: '1h' } },
    });
    expect(notes.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['aggregation stats:std_speed_3600s', 'aggregation stats:sum_speed']),
    );
  });

  it.each([
    ['Python code', { ...view, isTransformed: true }, 'Python code makes its features'],
    ['views of views', { ...view, batchSource: undefined }, 'made of other views'],
    [
      'types that there are not',
      { ...view, features: [{ name: 'x', valueType: 1, description: '' }] },
      'none of its features',
    ],
  ])('leaves out views of %s', (_what, { batchSource, ...rest }, reason) => {
    const { features, notes } = mapped(batchSource ? { ...rest, batchSource } : rest);
    expect(features.featureViews).toEqual({});
    expect(notes.at(-1)).toMatchObject({ outcome: 'left out', reason: expect.stringContaining(reason) });
  });

  it('makes names of others, as short as they may be', () => {
    expect(featureNameOf('7-Day Trips')).toBe('f_7_day_trips');
    expect(featureNameOf('x'.repeat(80))).toHaveLength(63);
    expect(projectNameOf('s3://Bucket/path_to/stats.parquet')).toBe('s3-bucket-path-to-stats-parquet');
    expect(projectNameOf('7')).toBe('data-7');
  });

  it.each([
    [
      'a registry in a database',
      'project: taxi\nregistry: { registry_type: sql, path: "postgresql://x" }\n',
      'a local file is read',
    ],
    ['a registry in S3', 'project: taxi\nregistry: s3://bucket/registry.db\n', 'a local file is read'],
    ['a registry that is not there', 'project: taxi\nregistry: registry.db\n', "Run 'feast apply'"],
    ['no project', 'provider: local\n', 'names no project'],
    ['another file', 'project: taxi\nregistry: feature_store.yaml\n', 'is no registry file of Feast'],
  ])('refuses %s, with the cure', (_what, settings, message) => {
    expect(() => readRepository(folderWith(settings))).toThrow(message);
  });
});
