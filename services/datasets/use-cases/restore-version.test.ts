import { describe, expect, it } from 'vitest';
import { createVersionWorld, killedAt, project } from '#test/doubles/dataset-versions.ts';
import { createRestorationStore } from '../store/restoration-store.ts';
import { applyRetention } from './apply-retention.ts';
import { eraseRows } from './erase-rows.ts';
import { requestErasure } from './request-erasure.ts';
import { type RestoreVersionDeps, restoreVersion } from './restore-version.ts';

async function worldWithBadVersion() {
  const world = createVersionWorld();
  await world.upload([['a', '1']]);
  await world.upload([['b', 'bad']]);
  const deps: RestoreVersionDeps = {
    ...world,
    restorations: createRestorationStore(world.table),
    uploadsBucket: 'uploads',
  };
  const restore = (datasetVersion: number, by: Partial<RestoreVersionDeps> = {}) =>
    restoreVersion(
      { ...deps, ...by },
      { project, datasetVersion, reason: 'version 2 fails its checks', requestedBy: 'ada' },
    );
  return { world, restore };
}

describe('restoring a version', () => {
  it('makes the next version with its content and tells of it, so that later uploads go on from there', async () => {
    const { world, restore } = await worldWithBadVersion();
    world.clock.advanceSeconds(60);
    expect(await restore(1)).toMatchObject({
      datasetVersion: 3,
      parentVersion: 2,
      restoredFrom: 1,
      restorationReason: 'version 2 fails its checks',
      rows: 1,
      createdAt: world.clock.now().toISOString(),
    });
    const told = world.table.published.at(-1)!;
    expect(told.detailType).toBe('DatasetVersionCreated.v1');
    expect(told.detail.metadata.actor).toEqual({ type: 'user', id: 'ada' });
    expect(told.detail.data).toMatchObject({
      datasetVersion: 3,
      restoredFrom: 1,
      source: { key: `incoming/${project}/1.csv` },
    });
    const next = await world.upload([['b', 'good']]);
    expect(next).toMatchObject({ datasetVersion: 4, parentVersion: 3 });
    expect(await world.rowsOf(next)).toEqual([
      ['a', '1'],
      ['b', 'good'],
    ]);
  });

  it('is refused for the newest, for the same content, and for what there is not', async () => {
    const { restore } = await worldWithBadVersion();
    await expect(restore(2)).rejects.toMatchObject({ code: 'DatasetUnchanged' });
    await restore(1);
    await expect(restore(1)).rejects.toMatchObject({ code: 'DatasetUnchanged' });
    await expect(restore(9)).rejects.toMatchObject({ code: 'DatasetVersionNotFound' });
  });

  it('is refused where retention removed the content', async () => {
    const { world, restore } = await worldWithBadVersion();
    await applyRetention(world, { project, policy: { keepVersions: 1 } });
    await expect(restore(1)).rejects.toMatchObject({ code: 'DatasetVersionGone' });
  });

  it('takes the number after an upload that came at the same time', async () => {
    const { world, restore } = await worldWithBadVersion();
    let came = 0;
    const manifests = {
      read: async (manifest: Parameters<typeof world.manifests.read>[0]) => {
        if (came++ === 0) await world.upload([['c', 'bad too']]);
        return world.manifests.read(manifest);
      },
    };
    expect(await restore(1, { manifests })).toMatchObject({ datasetVersion: 4, parentVersion: 3 });
  });

  it('asked for several times at once makes one version', async () => {
    const { world, restore } = await worldWithBadVersion();
    const outcomes = await Promise.allSettled([restore(1), restore(1), restore(1)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await world.store.newest(project))!.datasetVersion).toBe(3);
  });

  it('never brings back what an erasure took meanwhile, wherever the two meet', async () => {
    for (let step = 1; ; step++) {
      const { world, restore } = await worldWithBadVersion();
      const { erasureId } = await requestErasure(world, {
        project,
        primaryKeys: ['a'],
        reason: 'asked for',
        requestedBy: 'ada',
      });
      const erase = (deps: typeof world) =>
        eraseRows(deps, {
          project,
          erasureId,
          metadata: world.table.published.at(-1)!.detail.metadata,
        });
      const { ports } = killedAt(world, step);
      const wasKilled = await erase(ports).then(
        () => false,
        () => true,
      );
      await restore(1).catch((error) => expect(error).toMatchObject({ code: 'DatasetUnchanged' }));
      if (!wasKilled) break;
      await erase(world);
      expect((await world.erasures.find(project, erasureId))!.status).toBe('done');
      for await (const version of world.store.each(project, 'oldestFirst'))
        expect(await world.rowsOf(version)).not.toContainEqual(['a', '1']);
    }
  });

  it('leaves the manifest of an expired version readable for later erasures', async () => {
    const { world, restore } = await worldWithBadVersion();
    await restore(1);
    await applyRetention(world, { project, policy: { keepVersions: 1 } });
    for (const key of ['a', 'b']) {
      const { erasureId } = await requestErasure(world, {
        project,
        primaryKeys: [key],
        reason: 'asked for',
        requestedBy: 'ada',
      });
      const { metadata } = world.table.published.at(-1)!.detail;
      await eraseRows(world, { project, erasureId, metadata });
      expect(await world.erasures.find(project, erasureId)).toMatchObject({ status: 'done' });
    }
  });
});
