import { describe, expect, it } from 'vitest';
import { createVersionWorld, project } from '#test/doubles/dataset-versions.ts';
import { applyRetention } from '../use-cases/apply-retention.ts';
import { eraseRows } from '../use-cases/erase-rows.ts';
import { requestErasure } from '../use-cases/request-erasure.ts';

/** Versions of two replaced uploads, of which the next removal takes the first. */
async function worldOfTwo() {
  const world = createVersionWorld();
  await world.upload(
    [
      ['ann', '1'],
      ['bob', '1'],
    ],
    'replace',
  );
  await world.upload(
    [
      ['ann', '2'],
      ['bob', '2'],
    ],
    'replace',
  );
  return world;
}

describe('a version of an upload', () => {
  it('whose files were kept before objects were removed is not made: they may have been among them', async () => {
    const world = await worldOfTwo();
    const removalsBefore = (await world.removals.state(project)).removals;
    await applyRetention(world, { project, policy: { keepVersions: 1 } });
    const stale = { newest: await world.store.newest(project), removals: removalsBefore };
    await expect(world.upload([['cid', '1']], 'append', stale)).rejects.toMatchObject({
      code: 'ObjectsRemoved',
    });
    expect(await world.upload([['cid', '1']])).toMatchObject({ datasetVersion: 3 });
  });

  it('that was planned on content which an erasure rewrote meanwhile is planned anew', async () => {
    const world = await worldOfTwo();
    const newest = await world.store.newest(project);
    const { erasureId } = await requestErasure(world, {
      project,
      primaryKeys: ['ann'],
      reason: 'test',
      requestedBy: 'ada',
    });
    const { metadata } = world.table.published.at(-1)!.detail;
    await eraseRows(world, { project, erasureId, metadata });
    const { removals } = await world.removals.state(project);
    await expect(world.upload([['cid', '1']], 'append', { newest, removals })).rejects.toMatchObject({
      code: 'VersionTaken',
    });
  });
});
