import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import { createVersionWorld, emptyDiff, project, type VersionWorld } from '#test/doubles/dataset-versions.ts';
import { applyRetention } from './apply-retention.ts';
import { computeDiff } from './compute-diff.ts';
import { requestDiff } from './request-diff.ts';

async function worldOfTwo() {
  const world = createVersionWorld();
  await world.upload([['a', '1']], 'replace');
  await world.upload([['b', '1']], 'replace');
  return world;
}
const pair = { project, from: 1, to: 2 };
const ask = (world: VersionWorld, of = pair) => requestDiff(world, { ...of, requestedBy: 'ada' });
const requests = (world: VersionWorld) =>
  world.table.published.filter(({ detailType }) => detailType === 'DatasetDiffRequested.v1');
/** Computes what was asked for last. */
const compute = (world: VersionWorld) =>
  computeDiff(world, { ...pair, requestId: requests(world).at(-1)!.detail.metadata.eventId });

describe('a diff', () => {
  it('is computed once, and then there for everybody', async () => {
    const world = await worldOfTwo();
    expect(await ask(world)).toEqual({ status: 'running' });
    expect(await ask(world)).toEqual({ status: 'running' });
    expect(requests(world)).toHaveLength(1);
    await compute(world);
    expect(await ask(world)).toEqual({ status: 'done', diff: emptyDiff });
    expect(requests(world)).toHaveLength(1);
  });

  it('that failed says why, and is tried again a minute later', async () => {
    const world = await worldOfTwo();
    await ask(world);
    const engine = {
      compare: async () => {
        throw new AppError('precondition_failed', 'VersionsNotComparable', 'They are too big.');
      },
    };
    await compute({ ...world, engine });
    expect(await ask(world)).toEqual({ status: 'failed', reason: 'They are too big.' });
    world.clock.advanceSeconds(61);
    expect(await ask(world)).toEqual({ status: 'running' });
    expect(requests(world)).toHaveLength(2);
  });

  it('that nobody works on any more is asked for again; its late result changes nothing', async () => {
    const world = await worldOfTwo();
    await ask(world);
    world.clock.advanceSeconds(20 * 60 + 1);
    await ask(world);
    const [first, second] = requests(world).map(({ detail }) => detail.metadata.eventId);
    await computeDiff(world, { ...pair, requestId: first! });
    expect(await ask(world)).toEqual({ status: 'running' });
    await computeDiff(world, { ...pair, requestId: second! });
    expect(await ask(world)).toMatchObject({ status: 'done' });
  });

  it('is computed anew where the contract masks other columns by now', async () => {
    const world = await worldOfTwo();
    await ask(world);
    await compute(world);
    const stricter = createVersionWorld({
      columns: { x: { type: 'string', nullable: false, unique: false, sensitive: true } },
    });
    expect(await ask({ ...world, projects: stricter.projects })).toEqual({ status: 'running' });
  });

  it('is refused the wrong way round, and of content that is gone', async () => {
    const world = await worldOfTwo();
    await expect(ask(world, { project, from: 2, to: 1 })).rejects.toMatchObject({ code: 'InvalidDiff' });
    await expect(ask(world, { project, from: 1, to: 9 })).rejects.toMatchObject({
      code: 'DatasetVersionNotFound',
    });
    await applyRetention(world, { project, policy: { keepVersions: 1 } });
    await expect(ask(world)).rejects.toMatchObject({ code: 'DatasetVersionGone' });
  });
});
