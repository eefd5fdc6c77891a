import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFeatures, readFeatureService, readFeatureView } from '#services/feature-store/contract.ts';
import { applyFeatures, applyProject, readFeatureDefinitions } from '#services/projects/contract.ts';
import { requestTraining } from '#services/training/contract.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { RunningPlatform } from './running-platform.ts';

/** What a project declares about features becomes versions, by the project file or by a file of its own. */
const platform = new RunningPlatform({});
const project = 'trips';
const params = { project };
/** May change one project, and see no other. */
const sam: Caller = { id: 'sam', grants: [{ project, role: 'scientist' }] };

const stats = `name: driver-stats
owners: [bob]
data:
  primaryKey: id
  eventTime: day
  columns:
    id: { type: string }
    day: { type: timestamp }
    driver_id: { type: integer }
    rating: { type: number }
`;
const features = `entities: { driver: { joinKeys: { driver_id: integer } } }
sources: { stats: { type: dataset, dataset: driver-stats } }
featureViews:
  driver_stats: { entities: [driver], source: stats, schema: { rating: number }, ttl: 30d }
featureServices: { lateness: { features: [driver_stats] } }
`;
const trips = `name: ${project}
owners: [ada]
data: { primaryKey: id, columns: { id: { type: string }, fare: { type: number } } }
features:
${features.replaceAll(/^/gm, '  ').trimEnd()}
`;

const catalogueAt = (projectRevision: number) =>
  platform.eventually(`the features of revision ${projectRevision}`, async () => {
    const { body } = await platform.call(listFeatures, { params });
    return body.projectRevision === projectRevision ? body : undefined;
  });

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params: { project: 'driver-stats' }, body: stats });
  await platform.call(applyProject, { params, body: trips });
});
afterAll(() => platform.close());

describe('feature definitions', () => {
  it('of a project file are in the catalogue, with versions and types', async () => {
    expect(await catalogueAt(1)).toMatchObject({
      entities: [{ entity: 'driver', joinKeys: [{ name: 'driver_id', type: 'integer' }], owner: 'ada' }],
      featureViews: [
        {
          view: 'driver_stats',
          version: 1,
          source: { dataset: 'driver-stats', eventTimestamp: 'day' },
          featureNames: ['rating'],
        },
      ],
      featureServices: [{ service: 'lateness', version: 1, outputs: [{ name: 'rating', type: 'number' }] }],
    });
  });

  it('that change are another version of the view and of its services, and the old ones stay', async () => {
    const changed = features.replace('ttl: 30d', 'ttl: 7d');
    const dryRun = await platform.call(applyFeatures, { params, query: { dryRun: 'true' }, body: changed });
    expect(dryRun.body).toMatchObject({ revision: 1, changed: true });
    const applied = await platform.call(applyFeatures, { params, body: changed });
    expect(applied.body).toMatchObject({ revision: 2, changed: true });
    expect((await platform.call(readFeatureDefinitions, { params })).body).toMatchObject({
      features: { featureViews: { driver_stats: { ttl: '7d' } } },
    });

    expect(await catalogueAt(2)).toMatchObject({
      featureViews: [{ view: 'driver_stats', version: 2 }],
      featureServices: [{ service: 'lateness', version: 2, views: [{ view: 'driver_stats', version: 2 }] }],
    });
    const old = { ...params, service: 'lateness' };
    expect(
      (await platform.call(readFeatureService, { params: old, query: { version: 1 } })).body,
    ).toMatchObject({
      featureService: { views: [{ view: 'driver_stats', version: 1, ttlSeconds: 2_592_000 }] },
      versions: [{ version: 1 }, { version: 2 }],
    });
    const view = { ...params, view: 'driver_stats' };
    expect((await platform.call(readFeatureView, { params: view })).body).toMatchObject({
      featureView: { version: 2, ttlSeconds: 604_800 },
      versions: [{ version: 1 }, { version: 2 }],
      usedBy: { featureServices: [{ service: 'lateness', version: 2 }], models: [] },
    });
  });

  it('that cannot hold are refused at their places', async () => {
    const refused = await platform.call(applyFeatures, {
      params,
      body: features.replace('source: stats', 'source: stat'),
    });
    expect(refused).toMatchObject({
      status: 400,
      problem: {
        code: 'InvalidFeatures',
        violations: [{ line: 4, path: 'featureViews/driver_stats/source' }],
      },
    });
  });

  it('of another project’s dataset need a role there', async () => {
    const refused = await platform.call(applyFeatures, { params, body: features, as: sam });
    expect(refused).toMatchObject({ status: 403, problem: { code: 'RoleMissing' } });
    const grants = [...sam.grants, { project: 'driver-stats', role: 'viewer' } as const];
    const allowed = await platform.call(applyFeatures, {
      params,
      query: { dryRun: 'true' },
      body: features,
      as: { ...sam, grants },
    });
    expect(allowed.status).toBe(200);
    const unknown = await platform.call(applyFeatures, {
      params,
      body: features.replace('driver-stats', 'nobody'),
    });
    expect(unknown).toMatchObject({ status: 400, problem: { code: 'DataSourceNotFound' } });
  });

  it('are all that a project without target has: it trains nothing', async () => {
    const refused = await platform.call(requestTraining, { params, body: { reason: 'try' } });
    expect(refused).toMatchObject({ status: 412, problem: { code: 'NoTarget' } });
  });
});
