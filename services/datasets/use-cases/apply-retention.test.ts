import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatasetManifest } from '#services/datasets/contract.ts';
import { collect } from '#shared/kernel/collect.ts';
import {
  createVersionWorld,
  Killed,
  killedAt,
  project,
  type VersionWorld,
} from '#test/doubles/dataset-versions.ts';
import { applyRetention } from './apply-retention.ts';
import { putTag } from './move-tag.ts';

const day = 86_400;
/** Versions of one row each, a day apart: every upload replaces the one before. */
async function worldOf(versions: number, mode: 'append' | 'replace' = 'replace') {
  const world = createVersionWorld();
  for (let version = 1; version <= versions; version++) {
    await world.upload([[`k${version}`, 'x']], mode);
    world.clock.advanceSeconds(day);
  }
  return world;
}
const trainOn = (world: VersionWorld, datasetVersion: number) =>
  world.store.recordUse(
    {
      project,
      datasetVersion,
      kind: 'training-set',
      id: `set-${datasetVersion}`,
      at: '2026-01-01T00:00:00Z',
    },
    { consumer: 'test', eventId: `built-${datasetVersion}` },
  );
const tagOn = (world: VersionWorld, datasetVersion: number) =>
  putTag(world, { project, tag: `t${datasetVersion}`, datasetVersion, requestedBy: 'ada' });
const expired = async (world: VersionWorld) =>
  (await collect(world.store.each(project, 'oldestFirst')))
    .filter(({ expiredAt }) => expiredAt !== undefined)
    .map(({ datasetVersion }) => datasetVersion);

describe('retention', () => {
  it('keeps all where there is no policy', async () => {
    const world = await worldOf(3);
    expect(await applyRetention(world, { project, policy: undefined })).toEqual([]);
    expect(await applyRetention(world, { project, policy: {} })).toEqual([]);
  });

  it('lets a version go that neither its number nor its age keeps', async () => {
    const world = await worldOf(5);
    expect(await applyRetention(world, { project, policy: { keepVersions: 2, keepDays: 4 } })).toEqual([
      1, 2,
    ]);
    expect(await applyRetention(world, { project, policy: { keepDays: 4 } })).toEqual([]);
    expect(await applyRetention(world, { project, policy: { keepVersions: 3 } })).toEqual([]);
  });

  it('removes the objects that no kept version shares, tells of it, and keeps the manifest', async () => {
    const world = await worldOf(2);
    const [first] = await collect(world.store.each(project, 'oldestFirst'));
    const { objects } = world.bucket.read(first!.manifest) as DatasetManifest;
    await applyRetention(world, { project, policy: { keepVersions: 1 } });
    expect(world.bucket.has(objects[0]!.uri)).toBe(false);
    expect(world.bucket.has(first!.manifest.uri)).toBe(true);
    const events = world.table.published.filter(
      ({ detailType }) => detailType === 'DatasetVersionExpired.v1',
    );
    expect(events.map(({ detail }) => detail.data)).toMatchObject([{ datasetVersion: 1, removedObjects: 1 }]);
    expect(world.bucket.uris().filter((uri) => uri.includes('removals'))).toEqual([]);
  });

  it('of appended versions removes no object: the newest holds them all', async () => {
    const world = await worldOf(3, 'append');
    expect(await applyRetention(world, { project, policy: { keepVersions: 1 } })).toEqual([1, 2]);
    const newest = await world.store.newest(project);
    expect((await world.rowsOf(newest!)).map(([key]) => key)).toEqual(['k1', 'k2', 'k3']);
  });

  it('decides again by the next round where a tag came meanwhile', async () => {
    const world = await worldOf(3);
    const removals = {
      ...world.removals,
      expire: async (...decided: Parameters<typeof world.removals.expire>) => {
        await tagOn(world, 1);
        return world.removals.expire(...decided);
      },
    };
    await expect(
      applyRetention({ ...world, removals }, { project, policy: { keepVersions: 1 } }),
    ).rejects.toMatchObject({ code: 'VersionsChanged' });
    expect(await expired(world)).toEqual([]);
    expect(await applyRetention(world, { project, policy: { keepVersions: 1 } })).toEqual([2]);
  });

  it('refuses a tag on a version that is gone', async () => {
    const world = await worldOf(2);
    await applyRetention(world, { project, policy: { keepVersions: 1 } });
    await expect(tagOn(world, 1)).rejects.toMatchObject({ code: 'DatasetVersionGone' });
  });

  it('never takes what is newest, tagged or trained on, nor an object of a kept version, wherever it is killed', async () => {
    const world = fc.record({
      uploads: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()), {
        minLength: 1,
        maxLength: 7,
      }),
      tagged: fc.array(fc.nat(6), { maxLength: 3 }),
      trained: fc.array(fc.nat(6), { maxLength: 3 }),
      policy: fc.record(
        { keepVersions: fc.integer({ min: 1, max: 4 }), keepDays: fc.integer({ min: 1, max: 8 }) },
        { requiredKeys: [] },
      ),
      killAt: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ uploads, tagged, trained, policy, killAt }) => {
        const made = createVersionWorld();
        for (const [key, isAppended] of uploads) {
          await made.upload([[key, 'x']], isAppended ? 'append' : 'replace');
          made.clock.advanceSeconds(day);
        }
        const has = (index: number) => index < uploads.length;
        for (const index of tagged.filter(has)) await tagOn(made, index + 1);
        for (const index of new Set(trained.filter(has))) await trainOn(made, index + 1);
        try {
          await applyRetention(killedAt(made, killAt).ports, { project, policy });
        } catch (error) {
          expect(error).toBeInstanceOf(Killed);
        }
        await applyRetention(made, { project, policy });
        const all = await collect(made.store.each(project, 'oldestFirst'));
        const gone = all.filter(({ expiredAt }) => expiredAt !== undefined);
        const kept = [...tagged, ...trained, uploads.length - 1].map((index) => index + 1);
        expect(gone.filter(({ datasetVersion }) => kept.includes(datasetVersion))).toEqual([]);
        const held = new Set<string>();
        for (const version of all.filter(({ expiredAt }) => expiredAt === undefined)) {
          expect(await made.rowsOf(version)).toHaveLength(version.rows);
          for (const { uri } of (made.bucket.read(version.manifest) as DatasetManifest).objects)
            held.add(uri);
        }
        expect(
          made.bucket
            .uris()
            .filter((uri) => uri.includes('/objects/'))
            .sort(),
        ).toEqual([...held].sort());
      }),
      { numRuns: 200 },
    );
  });
});
