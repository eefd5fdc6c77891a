import { beforeEach, describe, expect, it } from 'vitest';
import { FeatureErasureCompleted, FeaturesDefined } from '#events/feature-store.ts';
import { ValidationCompleted } from '#events/validation.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { exampleView, materializationWorld } from '#test/doubles/materialization.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { completed, failed } from '../domain/materializer.ts';
import type { FeatureErasureRecord } from '../ports.ts';
import { lookAtMaterializers } from './look-at-materializers.ts';
import { noteDefinedViews } from './note-defined-views.ts';
import { requestAfterErasure } from './request-after-erasure.ts';
import { requestAfterValidation } from './request-after-validation.ts';

const key = { project: 'taxi', view: 'driver_stats', version: 1 };
const object = { uri: 's3://data/x', sha256: 'a'.repeat(64), bytes: 1 };
let world: ReturnType<typeof materializationWorld>;
beforeEach(() => {
  world = materializationWorld('/nowhere');
});

const metadataOf = (eventId: string) =>
  startingJourney({
    eventId,
    occurredAt: world.clock.now(),
    project: 'taxi',
    actor: { type: 'user', id: 'ada' },
  });
const validation = (eventId: string, more: object = {}) => {
  const data = {
    project: 'taxi',
    datasetVersion: 1,
    verdict: 'Pass' as const,
    rows: 1,
    validRows: 1,
    quarantinedRows: 0,
    report: object,
    findings: [],
    projectRevision: 1,
    ...more,
  };
  return requestAfterValidation(world, ValidationCompleted.create(metadataOf(eventId), data).detail);
};
const definition = (more: object = {}) =>
  noteDefinedViews(
    world,
    FeaturesDefined.create(metadataOf('defined'), {
      project: 'taxi',
      projectRevision: 1,
      views: [{ view: 'driver_stats', version: 1, isNew: true, dataset: 'taxi' }],
      services: [],
      ...more,
    }).detail,
  );
const materializer = async () => (await world.store.materializer(key)).materializer;
/** What was asked for, oldest first. */
const asked = () =>
  world.table.published.flatMap(({ detailType, detail }) =>
    detailType === 'MaterializationRequested.v1' ? [(detail.data as { occasion: string }).occasion] : [],
  );
const settle = async (
  how: (now: Awaited<ReturnType<typeof materializer>>) => Awaited<ReturnType<typeof materializer>>,
) => {
  const { materializer: now, revision } = await world.store.materializer(key);
  await world.store.save({ materializer: how(now), revision, runs: [], events: [] });
};
const done = { held: { materializationId: 'm', object } };

describe('new validated data', () => {
  beforeEach(() => world.readers.note('taxi', [key]));

  it('is written online once for each view that reads it', async () => {
    await world.readers.note('other', [{ ...key, view: 'else' }]);
    await validation('e1');
    await validation('e1');
    expect(asked()).toEqual(['data']);
    expect((await materializer()).pending).toBeUndefined();
    await validation('e2');
    expect((await materializer()).pending).toMatchObject({ occasion: 'data', requestedBy: 'ada' });
  });

  it.each([
    ['that failed', { verdict: 'Fail' }, {}],
    ['that is not the newest', { datasetVersion: 1 }, { newest: { datasetVersion: 2 } }],
  ])('%s asks for nothing', async (_what, data, source) => {
    Object.assign(world.source, source);
    await validation('e1', data);
    expect(asked()).toEqual([]);
  });

  it('asks for nothing where the view does not want it, or is not online or declared any more', async () => {
    const settings = world.declaration.settings!;
    for (const other of [
      { ...settings, materialization: { onNewData: false } },
      { ...settings, online: false },
      undefined,
    ]) {
      world.declaration.settings = other;
      await validation('e1');
    }
    expect(asked()).toEqual([]);
  });

  it('is taken back after an erasure, whatever the verdict and the view say', async () => {
    world.declaration.settings = {
      ...world.declaration.settings!,
      materialization: { onNewData: false },
    };
    world.source.newest = undefined;
    await validation('e1', { verdict: 'Fail', occasion: 'erasure' });
    expect(asked()).toEqual(['erasure']);
  });
});

describe('a view that is declared', () => {
  it('is written online once, and again when its data comes', async () => {
    await definition();
    await definition();
    expect(asked()).toEqual(['definition']);
    await settle((now) => completed(now, done));
    await validation('e1');
    expect(asked()).toEqual(['definition', 'data']);
  });

  it('waits for its data', async () => {
    world.source.newest = undefined;
    await definition();
    expect(asked()).toEqual([]);
    await validation('e1');
    expect(asked()).toEqual(['data']);
  });

  it('asks for nothing as a stream', async () => {
    const source = { type: 'stream', name: 's', columns: {}, eventTimestamp: 'at' } as const;
    world.declaration.version = { ...exampleView, source };
    await definition();
    expect(asked()).toEqual([]);
  });
});

describe('every quarter of an hour', () => {
  it('what is to be written so often is written, until the view does not want it any more', async () => {
    const settings = world.declaration.settings!;
    world.declaration.settings = { ...settings, materialization: { onNewData: true, everySeconds: 3600 } };
    await definition();
    await settle((now) => completed(now, done));
    world.clock.advanceSeconds(3000);
    await lookAtMaterializers(world);
    expect(asked()).toEqual(['definition']);
    world.clock.advanceSeconds(570);
    await lookAtMaterializers(world);
    expect(asked()).toEqual(['definition', 'schedule']);
    await settle((now) => completed(now, done));
    world.declaration.settings = settings;
    world.clock.advanceSeconds(3600);
    await lookAtMaterializers(world);
    await settle((now) => completed(now, done));
    world.clock.advanceSeconds(10 * 3600);
    await lookAtMaterializers(world);
    expect(asked().slice(2)).toEqual(['schedule']);
    expect(await materializer()).not.toHaveProperty('everySeconds');
  });

  it('rows that became visible are written', async () => {
    await definition();
    await settle((now) => completed(now, { ...done, nextVisibleAt: '2026-01-02T00:10:00.000Z' }));
    await lookAtMaterializers(world);
    world.clock.advanceSeconds(900);
    await lookAtMaterializers(world);
    expect(asked()).toEqual(['definition', 'schedule']);
  });

  it('what failed is tried again for what it was for', async () => {
    await definition();
    const failure = {
      materializationId: 'm',
      occasion: 'erasure',
      mode: 'full',
      at: world.clock.now(),
    } as const;
    await settle((now) => failed(now, failure));
    world.clock.advanceSeconds(900);
    await lookAtMaterializers(world);
    expect(asked()).toEqual(['definition', 'erasure']);
  });

  it('what never ended itself is ended, and tried again later', async () => {
    await definition();
    world.clock.advanceSeconds(7 * 3600);
    await lookAtMaterializers(world);
    expect((await materializer()).running).toBeUndefined();
    expect(world.table.published.at(-1)?.detailType).toBe('MaterializationFailed.v1');
    world.clock.advanceSeconds(900);
    await lookAtMaterializers(world);
    expect(asked()).toEqual(['definition', 'definition']);
  });
});

describe('an erasure by entity key that is done', () => {
  const erased = (view: Partial<FeatureViewVersion> = {}, joinKeys = exampleView.joinKeys) =>
    requestAfterErasure(
      {
        ...world,
        views: { all: async () => [{ ...exampleView, ...view }] },
        erasures: { find: async () => ({ joinKeys }) as unknown as FeatureErasureRecord },
      },
      FeatureErasureCompleted.create(metadataOf('erased'), {
        project: 'taxi',
        erasureId: 'e',
        entity: 'driver',
        onlineValuesDeleted: 1,
        recordsErased: 0,
        predictionsErased: 0,
        certificate: object,
      }).detail,
    );

  it('has the views of the entity written online again, once, after what was planned before', async () => {
    await definition();
    await erased();
    expect((await materializer()).pending).toMatchObject({ occasion: 'erasure' });
    await settle(({ pending: _pending, ...now }) => completed(now, done));
    await erased();
    expect(asked()).toEqual(['definition']);
  });

  it('leaves alone what it is not about, and what never was online', async () => {
    await erased();
    await definition();
    await settle((now) => completed(now, done));
    await erased({}, [{ name: 'city', type: 'string' }]);
    await erased({ source: { type: 'stream', name: 's', columns: {}, eventTimestamp: 'at' } });
    world.declaration.settings = undefined;
    await erased();
    expect(asked()).toEqual(['definition']);
  });
});
