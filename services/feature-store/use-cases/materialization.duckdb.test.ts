import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startingJourney } from '#shared/contracts/event.ts';
import { exampleView, materializationWorld } from '#test/doubles/materialization.ts';
import type { Mode, Occasion } from '../domain/materializer.ts';
import type { MaterializationRun } from '../ports.ts';
import { completeMaterialization, failMaterialization } from './end-materialization.ts';
import {
  listMaterializationsOf,
  materializeView,
  readMaterialization,
  resumeMaterialization,
} from './materialize-view.ts';
import { planMaterialization } from './plan-materialization.ts';
import { requestMaterialization } from './request-materialization.ts';
import { writePart } from './write-part.ts';

const key = { project: 'taxi', view: 'driver_stats', version: 1 };
type World = ReturnType<typeof materializationWorld>;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-materialization-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const request = (world: World, occasion: Occasion = 'data', mode: Mode = 'incremental') =>
  requestMaterialization(world, key, {
    mode,
    occasion,
    requestedBy: 'ada',
    metadata: startingJourney({
      eventId: world.ids.next(),
      occurredAt: world.clock.now(),
      project: 'taxi',
      actor: { type: 'user', id: 'ada' },
    }),
  });

const executionOf = ({
  materializationId,
  attempt,
}: Pick<MaterializationRun, 'materializationId' | 'attempt'>) => ({
  ...key,
  materializationId,
  attempt,
});
const current = async (world: World) => {
  const { materializer } = await world.store.materializer(key);
  return materializer.running && executionOf(materializer.running);
};

/** What the machine does, with a part that is delivered twice. */
async function execute(world: World): Promise<void> {
  const execution = await current(world);
  if (!execution) return;
  try {
    const { parts } = await planMaterialization(world, execution);
    for (let part = 0; part < parts; part++) {
      await writePart(world, { ...execution, part });
      await writePart(world, { ...execution, part });
    }
    await completeMaterialization(world, execution);
    await completeMaterialization(world, execution);
  } catch (error) {
    await failMaterialization(world, execution, String(error));
  }
}

const onlineOf = (world: World) =>
  Object.fromEntries(
    [...world.online.rows].map(([text, { content }]) => [JSON.parse(text)[0], content]).sort(),
  );
const wantedOf = (world: World) =>
  Object.fromEntries(
    [...world.wanted].map(([entity, { value }]) => [entity, { rating: value }] as const).sort(),
  );
const fill = (world: World, rows: Record<string, readonly [eventAt: number, value: number]>) => {
  world.wanted.clear();
  for (const [entity, [eventAt, value]] of Object.entries(rows)) world.wanted.set(entity, { eventAt, value });
};
const newest = async (world: World) =>
  (await listMaterializationsOf(world, { project: 'taxi', view: 'driver_stats', pageToken: undefined }))
    .items[0]!;

describe('a materialization', () => {
  it('puts what is new, then only what changed, and deletes what is gone', async () => {
    const world = materializationWorld(folder);
    fill(world, { a: [1, 10], b: [1, 20], c: [1, 30], d: [1, 40] });
    await request(world);
    await execute(world);
    expect(onlineOf(world)).toEqual(wantedOf(world));
    expect(await newest(world)).toMatchObject({
      status: 'done',
      written: { put: 4, deleted: 0, skipped: 0 },
      progress: { parts: 2, partsDone: 2, rows: 4, rowsDone: 4 },
      datasetVersion: 1,
    });

    fill(world, { a: [1, 10], b: [2, 21], d: [1, 40], e: [1, 50] });
    await request(world);
    await execute(world);
    expect(onlineOf(world)).toEqual(wantedOf(world));
    expect(await newest(world)).toMatchObject({ written: { put: 2, deleted: 1, skipped: 0 } });
    expect(await world.states.of('taxi', [exampleView])).toEqual([
      {
        entities: 4,
        lastMaterializedAt: '2026-01-02T00:00:00.000Z',
        lastMaterializationId: (await newest(world)).materializationId,
      },
    ]);
    expect(world.table.published.map(({ detailType }) => detailType)).toEqual([
      'MaterializationRequested.v1',
      'FeaturesMaterialized.v1',
      'MaterializationRequested.v1',
      'FeaturesMaterialized.v1',
    ]);
  });

  it('takes back a row that was erased: the older one stands there again', async () => {
    const world = materializationWorld(folder);
    fill(world, { a: [5, 10], b: [5, 20] });
    await request(world);
    await execute(world);
    fill(world, { a: [3, 7], b: [5, 20] });
    await request(world, 'erasure');
    await execute(world);
    expect(onlineOf(world)).toEqual({ a: { rating: 7 }, b: { rating: 20 } });
    expect(await newest(world)).toMatchObject({ written: { put: 1, deleted: 0, skipped: 0 } });
  });

  it('writes every entity again in full, and leaves alone what is newer', async () => {
    const world = materializationWorld(folder);
    fill(world, { a: [1, 1], b: [1, 2] });
    await request(world);
    await execute(world);
    world.online.rows.clear();
    await world.writer.put(
      key,
      [{ key: ['b'], eventAt: 9, availableAt: 9, tie: '', values: { rating: 99 } }],
      {},
    );
    await request(world, 'manual', 'full');
    await execute(world);
    expect(onlineOf(world)).toEqual({ a: { rating: 1 }, b: { rating: 99 } });
    expect(await newest(world)).toMatchObject({ written: { put: 1, deleted: 0, skipped: 1 } });
  });

  it('goes on where it stopped, and ends as if nothing had stopped it', async () => {
    const world = materializationWorld(folder);
    fill(world, Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`e${i}`, [1, i]])));
    const run = await request(world);
    world.online.failAfter(7);
    await execute(world);
    const failed = await newest(world);
    expect(failed).toMatchObject({
      status: 'failed',
      failure: 'TableBusy: busy',
      progress: { parts: 4, partsDone: 2, rows: 10, rowsDone: 6 },
    });
    expect(world.online.rows.size).toBe(7);
    world.online.failAfter();
    const { materializationId } = failed;
    expect(materializationId).toBe(run!.materializationId);
    await resumeMaterialization(world, { project: 'taxi', view: 'driver_stats', materializationId });
    await execute(world);
    expect(onlineOf(world)).toEqual(wantedOf(world));
    expect(
      await readMaterialization(world, { project: 'taxi', view: 'driver_stats', materializationId }),
    ).toMatchObject({
      status: 'done',
      written: { put: 10, deleted: 0, skipped: 0 },
      progress: { parts: 4, partsDone: 4, rows: 10, rowsDone: 10 },
    });
    expect(readdirSync(folder).filter((name) => name !== 'spill')).toEqual([materializationId]);
  });

  it('leaves nothing behind of one that failed, whatever is wanted after it', async () => {
    const operations = fc.array(
      fc.record({
        rows: fc.dictionary(
          fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
          fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 })),
        ),
        failAfter: fc.option(fc.nat(8), { nil: undefined }),
        isResumed: fc.boolean(),
        mode: fc.constantFrom<Mode>('incremental', 'full'),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(operations, async (steps) => {
        const world = materializationWorld(mkdtempSync(path.join(folder, 'run-')));
        for (const { rows, failAfter, isResumed, mode } of steps) {
          fill(world, rows);
          await request(world, 'data', mode);
          world.online.failAfter(failAfter);
          await execute(world);
          world.online.failAfter();
          const { status, materializationId } = await newest(world);
          if (status !== 'failed' || !isResumed) continue;
          await resumeMaterialization(world, { project: 'taxi', view: 'driver_stats', materializationId });
          await execute(world);
          expect(onlineOf(world)).toEqual(wantedOf(world));
        }
        await request(world);
        await execute(world);
        expect(onlineOf(world)).toEqual(wantedOf(world));
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe('a request while one runs', () => {
  it('is refused by hand, dropped by schedule, and remembered for new data', async () => {
    const world = materializationWorld(folder);
    fill(world, { a: [1, 1] });
    const first = await request(world);
    const byHand = materializeView(world, {
      project: 'taxi',
      view: 'driver_stats',
      mode: 'full',
      requestedBy: 'bea',
    });
    await expect(byHand).rejects.toMatchObject({ code: 'MaterializationRunning' });
    expect(await request(world, 'schedule')).toBeUndefined();
    expect(await request(world, 'data')).toBeUndefined();
    expect(await request(world, 'erasure')).toBeUndefined();
    fill(world, { a: [2, 2] });
    await execute(world);
    const second = await current(world);
    expect(second?.materializationId).not.toBe(first!.materializationId);
    fill(world, { a: [3, 3] });
    await execute(world);
    expect(onlineOf(world)).toEqual({ a: { rating: 3 } });
    expect(await current(world)).toBeUndefined();
    expect(await newest(world)).toMatchObject({ occasion: 'erasure', status: 'done' });
  });

  it('begins also where that one fails', async () => {
    const world = materializationWorld(folder);
    fill(world, { a: [1, 1] });
    await request(world);
    await request(world);
    world.online.failAfter(0);
    await execute(world);
    world.online.failAfter();
    await execute(world);
    expect(onlineOf(world)).toEqual({ a: { rating: 1 } });
  });

  it('takes the place of one whose time is over, which then writes nothing any more', async () => {
    const world = materializationWorld(folder);
    fill(world, { a: [1, 1] });
    await request(world);
    const lost = (await current(world))!;
    await planMaterialization(world, lost);
    world.clock.advanceSeconds(7 * 3600);
    await request(world);
    await expect(writePart(world, { ...lost, part: 0 })).rejects.toMatchObject({
      code: 'MaterializationReplaced',
    });
    await completeMaterialization(world, lost);
    expect(world.online.rows.size).toBe(0);
    await execute(world);
    expect(onlineOf(world)).toEqual(wantedOf(world));
    const { materializationId } = lost;
    const resumed = resumeMaterialization(world, {
      project: 'taxi',
      view: 'driver_stats',
      materializationId,
    });
    await expect(resumed).rejects.toMatchObject({ code: 'MaterializationReplaced' });
  });
});

describe('materialization by hand', () => {
  it('says what it cannot do', async () => {
    const world = materializationWorld(folder);
    const ask = (view: string) =>
      materializeView(world, { project: 'taxi', view, mode: 'incremental', requestedBy: 'ada' });
    await expect(ask('unknown')).rejects.toMatchObject({ code: 'FeatureViewNotFound' });
    world.declaration.settings = { ...world.declaration.settings!, online: false };
    await expect(ask('driver_stats')).rejects.toMatchObject({ code: 'NotMaterializable' });
    const named = { project: 'taxi', view: 'driver_stats', materializationId: 'x' };
    await expect(readMaterialization(world, named)).rejects.toMatchObject({
      code: 'MaterializationNotFound',
    });
    world.declaration.settings = { ...world.declaration.settings, online: true };
    const { materializationId } = await ask('driver_stats');
    await expect(resumeMaterialization(world, { ...named, materializationId })).rejects.toMatchObject({
      code: 'MaterializationNotFailed',
    });
  });
});
