import { describe, expect, it } from 'vitest';
import { type ProjectRevision, projectDefinition } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createDefinitionStore, createPinningModelStore } from '../store/definition-store.ts';
import { ensureDefined } from './ensure-defined.ts';
import { newestDeclared } from './newest-declared.ts';
import { describeService, describeView, listCatalogue } from './read-definitions.ts';

const columns = {
  trip_id: { type: 'string' },
  driver_id: { type: 'integer' },
  at: { type: 'timestamp' },
  fare: { type: 'number' },
  late: { type: 'boolean' },
};
const base = {
  name: 'trips',
  owners: ['ada', 'bob'],
  data: { primaryKey: 'trip_id', eventTime: 'at', columns },
  target: { column: 'late', task: 'binary_classification', positiveClass: true },
  excludeFeatures: ['driver_id'],
};
const features = {
  entities: { driver: { joinKeys: { driver_id: 'integer' } } },
  sources: {
    stats: { type: 'dataset', dataset: 'stats', availabilityDelay: '2h' },
    own: { type: 'dataset' },
    positions: { type: 'stream', columns: { driver_id: 'integer', speed: 'number' } },
  },
  featureViews: {
    driver_stats: {
      entities: ['driver'],
      source: 'stats',
      schema: { rating: { type: 'number', description: 'One to five.' }, trips: 'integer' },
      ttl: '30d',
    },
    driver_fares: {
      entities: ['driver'],
      source: 'own',
      aggregations: {
        fares_7d: { function: 'sum', column: 'fare', window: '7d' },
        trips_1h: { function: 'count', window: '1h' },
      },
    },
    driver_now: { entities: ['driver'], source: 'positions', schema: { speed: 'number' } },
  },
  onDemandFeatureViews: {
    ratios: {
      request: { fare: 'number' },
      views: ['driver_fares', 'driver_stats'],
      features: { share: { type: 'number', expression: 'fare / nullif(fares_7d, 0)' } },
    },
  },
  featureServices: {
    lateness: { features: ['driver_stats', 'ratios:share'], description: 'For the model of late trips.' },
  },
};

function world() {
  const table = createMemoryTable();
  const revisions = new Map<string, ProjectRevision>();
  const apply = (project: string, revision: number, definition: object) =>
    revisions.set(`${project}/${revision}`, {
      project,
      revision,
      definition: projectDefinition.parse(definition),
      definitionSha256: 'a'.repeat(64),
      appliedAt: '2026-01-01T00:00:00.000Z',
      appliedBy: 'ada',
    });
  apply('stats', 1, {
    ...base,
    name: 'stats',
    data: {
      primaryKey: 'id',
      eventTime: 'day',
      columns: {
        id: { type: 'string' },
        day: { type: 'timestamp' },
        driver_id: { type: 'integer' },
        rating: { type: 'number' },
        trips: { type: 'integer' },
      },
    },
  });
  const deps = {
    definitions: createDefinitionStore(table),
    models: createPinningModelStore(table),
    states: { of: async (_project: string, views: readonly unknown[]) => views.map(() => ({})) },
    projects: {
      async revision(project: string, revision = 1) {
        const found = revisions.get(`${project}/${revision}`);
        if (!found) throw new AppError('not_found', 'RevisionNotFound', 'none');
        return found;
      },
    },
    clock: { now: () => new Date('2026-02-01T00:00:00Z') },
  };
  return { table, deps, apply };
}
const withFeatures = (changed: object = {}) => ({ ...base, features: { ...features, ...changed } });
const cause = startingJourney({
  eventId: 'applied',
  occurredAt: new Date('2026-02-01T00:00:00Z'),
  project: 'trips',
  actor: { type: 'user', id: 'ada' },
});

describe('definitions of features', () => {
  it('become numbered views with nothing left open', async () => {
    const { deps, apply } = world();
    apply('trips', 1, withFeatures());
    await ensureDefined(deps, 'trips', 1);

    expect(await deps.definitions.view('trips', 'driver_stats')).toMatchObject({
      version: 1,
      joinKeys: [{ name: 'driver_id', type: 'integer' }],
      source: {
        type: 'dataset',
        dataset: 'stats',
        eventTimestamp: 'day',
        availabilityDelaySeconds: 7200,
      },
      features: [
        { name: 'rating', type: 'number', column: 'rating', description: 'One to five.' },
        { name: 'trips', type: 'integer', column: 'trips' },
      ],
      aggregations: [],
      ttlSeconds: 30 * 86_400,
      projectRevision: 1,
    });
    expect(await deps.definitions.view('trips', 'driver_fares')).toMatchObject({
      source: { dataset: 'trips', eventTimestamp: 'at' },
      features: [],
      aggregations: [
        { name: 'fares_7d', type: 'number', columnType: 'number', windowSeconds: 604_800, hopSeconds: 3600 },
        { name: 'trips_1h', type: 'integer', windowSeconds: 3600, hopSeconds: 60 },
      ],
    });
    expect(await deps.definitions.view('trips', 'driver_now')).toMatchObject({
      source: { type: 'stream', eventTimestamp: 'event_timestamp' },
    });
  });

  it('become services that pin versions, with what only expressions read hidden', async () => {
    const { deps, apply } = world();
    apply('trips', 1, withFeatures());
    await ensureDefined(deps, 'trips', 1);

    expect(await deps.definitions.service('trips', 'lateness')).toMatchObject({
      version: 1,
      views: [
        {
          view: 'driver_stats',
          version: 1,
          ttlSeconds: 2_592_000,
          features: [
            { name: 'rating', as: 'rating' },
            { name: 'trips', as: 'trips' },
          ],
        },
        {
          view: 'driver_fares',
          features: [{ name: 'fares_7d', type: 'number', sensitive: false }],
          aggregations: [{ name: 'fares_7d' }],
        },
      ],
      onDemand: [
        {
          as: 'share',
          variables: [
            { name: 'fare', from: { request: 'fare' } },
            { name: 'fares_7d', from: { view: 'driver_fares', feature: 'fares_7d' } },
          ],
        },
      ],
      request: [{ name: 'fare', type: 'number' }],
      outputs: [
        { name: 'rating', type: 'number' },
        { name: 'trips', type: 'integer' },
        { name: 'share', type: 'number' },
      ],
    });
  });

  it('are told of once, whoever defines them first, and however often', async () => {
    const { deps, apply, table } = world();
    apply('trips', 1, withFeatures());
    await Promise.all([ensureDefined(deps, 'trips', 1), ensureDefined(deps, 'trips', 1)]);
    const consumed = { consumer: 'feature-store/on-project-applied', eventId: 'applied' };
    await ensureDefined(deps, 'trips', 1, { cause, consumed });

    expect(table.published).toHaveLength(1);
    expect(table.published[0]!.detail.data).toMatchObject({
      projectRevision: 1,
      views: [
        { view: 'driver_stats', version: 1, isNew: true, dataset: 'stats' },
        { view: 'driver_fares', version: 1, isNew: true, dataset: 'trips' },
        { view: 'driver_now', version: 1, isNew: true },
      ],
      services: [{ service: 'lateness', version: 1, isNew: true }],
    });
    await expect(ensureDefined(deps, 'trips', 1, { cause, consumed })).rejects.toMatchObject({
      code: 'AlreadyConsumed',
    });
  });

  it('make another version where values change, and none where only words do', async () => {
    const { deps, apply, table } = world();
    apply('trips', 1, withFeatures());
    await ensureDefined(deps, 'trips', 1);
    const { driver_stats } = features.featureViews;
    const worded = {
      ...driver_stats,
      schema: { ...driver_stats.schema, rating: { type: 'number', description: 'Stars.' } },
      owner: 'eve',
    };
    apply('trips', 2, withFeatures({ featureViews: { ...features.featureViews, driver_stats: worded } }));
    await ensureDefined(deps, 'trips', 2);
    const described = await describeView(deps, { project: 'trips', view: 'driver_stats' });
    expect(described).toMatchObject({
      featureView: { version: 1, features: [{ description: 'Stars.' }, {}] },
      settings: { owner: 'eve' },
    });

    const shorter = { ...worded, ttl: '1d' };
    apply('trips', 3, withFeatures({ featureViews: { ...features.featureViews, driver_stats: shorter } }));
    await ensureDefined(deps, 'trips', 3);
    expect(table.published.at(-1)!.detail.data).toMatchObject({
      views: [
        { view: 'driver_stats', version: 2, isNew: true },
        { view: 'driver_fares', version: 1, isNew: false },
        { view: 'driver_now', version: 1, isNew: false },
      ],
      services: [{ service: 'lateness', version: 2, isNew: true }],
    });
    const before = await deps.definitions.service('trips', 'lateness', 1);
    expect(before?.views[0]).toMatchObject({ view: 'driver_stats', version: 1, ttlSeconds: 2_592_000 });
    expect((await deps.definitions.service('trips', 'lateness'))?.views[0]).toMatchObject({ version: 2 });

    apply('trips', 4, withFeatures({ featureViews: { ...features.featureViews, driver_stats: worded } }));
    await ensureDefined(deps, 'trips', 4);
    expect(await deps.definitions.view('trips', 'driver_stats')).toMatchObject({ version: 3 });
  });

  it('of a stream make another version where it is kept online or not, for its values are written record by record', async () => {
    const { deps, apply } = world();
    const { driver_now, driver_fares } = features.featureViews;
    for (const [place, online] of [true, false, true].entries()) {
      const featureViews = {
        ...features.featureViews,
        driver_now: { ...driver_now, online },
        driver_fares: { ...driver_fares, online },
      };
      apply('trips', place + 1, withFeatures({ featureViews }));
      await ensureDefined(deps, 'trips', place + 1);
    }
    const kept = await deps.definitions.viewVersions('trips', 'driver_now');
    expect(kept.map(({ online }) => online)).toEqual([undefined, false, undefined]);
    expect(await deps.definitions.viewVersions('trips', 'driver_fares')).toHaveLength(1);
  });

  it('of an older revision that is told of late are known, and the newest stays', async () => {
    const { deps, apply } = world();
    apply('trips', 1, withFeatures());
    const { driver_now } = features.featureViews;
    apply(
      'trips',
      2,
      withFeatures({ featureViews: { ...features.featureViews, driver_now: { ...driver_now, ttl: '1h' } } }),
    );
    await ensureDefined(deps, 'trips', 2);
    await ensureDefined(deps, 'trips', 1);

    expect(await deps.definitions.newestRevision('trips')).toMatchObject({ projectRevision: 2 });
    expect((await deps.definitions.revisionAt('trips', 1))?.views).toMatchObject([
      { view: 'driver_stats', version: 1 },
      { view: 'driver_fares', version: 1 },
      { view: 'driver_now', version: 2 },
    ]);
    expect(await deps.definitions.view('trips', 'driver_now')).toMatchObject({
      version: 1,
      ttlSeconds: 3600,
    });
  });

  it('are nothing where a revision declares none, until one did', async () => {
    const { deps, apply, table } = world();
    apply('trips', 1, base);
    expect(await ensureDefined(deps, 'trips', 1)).toBeUndefined();
    expect(table.published).toHaveLength(0);
    apply('trips', 2, withFeatures());
    await ensureDefined(deps, 'trips', 2);
    expect(await deps.definitions.projects()).toEqual(['trips']);
    apply('trips', 3, base);
    await ensureDefined(deps, 'trips', 3);
    expect(table.published.at(-1)!.detail.data).toMatchObject({
      projectRevision: 3,
      views: [],
      services: [],
    });
    expect(await deps.definitions.projects()).toEqual([]);
    expect(await listCatalogue(deps, { project: 'trips' })).toMatchObject({ featureViews: [] });
    expect(await describeView(deps, { project: 'trips', view: 'driver_now', version: 1 })).toMatchObject({
      settings: { owner: 'ada, bob' },
    });
  });

  it('wait for the contract of their own dataset', async () => {
    const { deps, apply } = world();
    const { columns: _, ...data } = base.data;
    const waiting = { ...base, data: { primaryKey: data.primaryKey }, features };
    apply('trips', 1, waiting);
    await ensureDefined(deps, 'trips', 1);
    const { views, services } = (await deps.definitions.newestRevision('trips'))!;
    expect(views.map(({ view }) => view)).toEqual(['driver_stats', 'driver_now']);
    expect(services).toEqual([]);
  });

  it('of 200 views and 100 services are all kept', async () => {
    const { deps, apply } = world();
    const names = Array.from({ length: 200 }, (_, i) => `view_${i}`);
    const { driver_stats } = features.featureViews;
    apply('trips', 1, {
      ...base,
      features: {
        ...features,
        featureViews: Object.fromEntries(names.map((name) => [name, driver_stats])),
        onDemandFeatureViews: {},
        featureServices: Object.fromEntries(
          names.slice(0, 100).map((name) => [`of_${name}`, { features: [name] }]),
        ),
      },
    });
    await ensureDefined(deps, 'trips', 1);
    expect(await deps.definitions.viewsOf('trips')).toHaveLength(200);
    expect(await deps.definitions.servicesOf('trips')).toHaveLength(100);
  });
});

describe('features that are asked for right after they were applied', () => {
  it('are found before the event of the revision has come', async () => {
    const { deps, apply, table } = world();
    apply('trips', 1, withFeatures());
    const declared = newestDeclared(deps);
    expect(await declared.view('trips', 'nothing')).toBeUndefined();
    expect(await declared.service('trips', 'lateness')).toMatchObject({ version: 1 });
    expect(await declared.view('trips', 'driver_now')).toMatchObject({ version: 1 });
    await declared.service('trips', 'nothing');
    expect(table.published.map(({ detailType }) => detailType)).toEqual(['FeaturesDefined.v1']);
  });
});

describe('who uses features', () => {
  it('shows services of the newest revision and model versions', async () => {
    const { deps, apply } = world();
    apply('trips', 1, withFeatures());
    await ensureDefined(deps, 'trips', 1);
    const pin = { project: 'trips', service: 'lateness', version: 1, model: 'trips', modelVersion: 4 };
    await deps.models.add(pin, { consumer: 'feature-store/on-model-version-registered', eventId: 'e' });

    expect((await describeView(deps, { project: 'trips', view: 'driver_fares' })).usedBy).toEqual({
      featureServices: [{ service: 'lateness', version: 1 }],
      models: [{ model: 'trips', modelVersion: 4 }],
    });
    expect((await describeView(deps, { project: 'trips', view: 'driver_now' })).usedBy).toEqual({
      featureServices: [],
      models: [],
    });
    expect(await describeService(deps, { project: 'trips', service: 'lateness' })).toMatchObject({
      models: [{ model: 'trips', modelVersion: 4, version: 1 }],
    });
  });

  it('shows models that keep a service which is declared no more', async () => {
    const { deps, apply } = world();
    apply('trips', 1, withFeatures());
    await ensureDefined(deps, 'trips', 1);
    const pin = { project: 'trips', service: 'lateness', version: 1, model: 'trips', modelVersion: 4 };
    await deps.models.add(pin, { consumer: 'feature-store/on-model-version-registered', eventId: 'e' });
    apply('trips', 2, withFeatures({ featureServices: {} }));
    await ensureDefined(deps, 'trips', 2);

    expect((await describeView(deps, { project: 'trips', view: 'driver_fares' })).usedBy).toEqual({
      featureServices: [],
      models: [{ model: 'trips', modelVersion: 4 }],
    });
  });

  it('names what there is where something is not found', async () => {
    const { deps, apply } = world();
    apply('trips', 1, withFeatures());
    await ensureDefined(deps, 'trips', 1);
    await expect(describeView(deps, { project: 'trips', view: 'driver_stat' })).rejects.toThrow(
      "did you mean 'driver_stats'?",
    );
    await expect(describeView(deps, { project: 'trips', view: 'driver_stats', version: 9 })).rejects.toThrow(
      'has no version 9; there are: 1',
    );
    await expect(describeService(deps, { project: 'trips', service: 'late' })).rejects.toMatchObject({
      code: 'FeatureServiceNotFound',
    });
  });
});
