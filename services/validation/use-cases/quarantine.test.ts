import { describe, expect, it } from 'vitest';
import {
  checkedRows,
  createdVersion,
  finishChecks as finish,
  inMemoryValidation,
  objectOf,
  project,
} from '#test/doubles/validation.ts';
import { checkUpload } from './check-events.ts';
import { dropExpired } from './drop-expired.ts';
import { listQuarantine, release } from './quarantine.ts';

type World = ReturnType<typeof inMemoryValidation>;
const version = { project, datasetVersion: 1 };
const upload = (world: World) => checkUpload(world.deps, createdVersion());

describe('rows in quarantine', () => {
  const quarantined = async () => {
    const world = inMemoryValidation();
    world.world.outcome = checkedRows(3);
    await upload(world);
    await finish(world);
    const rows = {
      read: async () => ({
        quarantinedRows: 3,
        matchingRows: 3,
        repairedRows: 1,
        items: [
          {
            row: 4,
            objectSha256: 'a',
            reasons: ['range'],
            repairedAt: '2026-01-01T00:00:00.000Z',
            values: { id: 'r4' },
          },
        ],
      }),
    };
    return { ...world, deps: { ...world.deps, rows, ids: world.ids } };
  };
  const decision = { checks: ['range:x'], reason: 'The sensor was late.' };

  it('are listed a page at a time, with the version that brought them again', async () => {
    const { deps } = await quarantined();
    const page = await listQuarantine(deps, version, { limit: 1 });
    expect(page).toMatchObject({ quarantinedRows: 3, repairedRows: 1, items: [{ row: 4, repairedIn: 1 }] });
    expect(page.items[0]).not.toHaveProperty('repairedAt');
    expect(page.nextPageToken).toBeDefined();
    await expect(listQuarantine(deps, version, { limit: 1, pageToken: 'x' })).rejects.toMatchObject({
      code: 'InvalidPageToken',
    });
  });

  it('are let out by a release, which says who and why, and makes the verdict at best Warn', async () => {
    const world = await quarantined();
    const { releaseId } = await release(world.deps, version, decision, 'grace');
    world.world.outcome = checkedRows(0, 3);
    await finish(world);
    const facts = world.facts().slice(1);
    expect(facts).toMatchObject([
      {
        name: 'QuarantineReleased.v1',
        metadata: { actor: { id: 'grace' }, correlationId: 'upload-1' },
        data: { releaseId, rows: 3, checks: ['range:x'] },
      },
      {
        name: 'ValidationCompleted.v1',
        metadata: { causationId: `${releaseId}-released` },
        data: { occasion: 'release', verdict: 'Warn' },
      },
    ]);
    const record = await world.deps.store.find(project, 1);
    expect(await world.deps.documents.readReport(record!.report)).toMatchObject({
      released: [{ releaseId, rows: 3, releasedBy: 'grace', reason: decision.reason }],
    });
  });

  it.each([
    ['names what no row fails', { ...decision, checks: ['length'] }, 'NotReleasable'],
    ['is of a version without such rows', decision, 'NothingQuarantined'],
  ])('are not let out by a release that %s', async (what, body, code) => {
    const world = await quarantined();
    if (what.startsWith('is of')) {
      await release(world.deps, version, decision, 'grace');
      world.world.outcome = checkedRows(0, 3);
      await finish(world);
    }
    await expect(release(world.deps, version, body, 'grace')).rejects.toMatchObject({ code });
  });
});

describe('a version whose content retention removed', () => {
  it('keeps its report and its profile, and nothing is compared with it or trained on it any more', async () => {
    const world = inMemoryValidation();
    world.world.outcome = checkedRows(3);
    await upload(world);
    await finish(world);
    for (let again = 0; again < 2; again++) await dropExpired(world.deps, version);
    const record = await world.deps.store.find(project, 1);
    expect(record?.expiredAt).toBe('2026-01-02T00:00:00.000Z');
    expect(await world.deps.store.newestTrainable(project)).toBeUndefined();
    expect(world.deleted[0]).toEqual({
      kept: [record!.report.uri, objectOf('profile').uri],
      former: [objectOf('validated-3').uri, objectOf('quarantine').uri],
    });
    const rows = { read: () => Promise.reject(new Error('must not be read')) };
    await expect(
      listQuarantine({ ...world.deps, rows, ids: world.ids }, version, { limit: 1 }),
    ).rejects.toMatchObject({ code: 'DatasetVersionGone' });
  });
});
