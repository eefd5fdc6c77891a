import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetErasureRequested } from '#events/datasets.ts';
import { collect } from '#shared/kernel/collect.ts';
import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import { AppError } from '#shared/kernel/errors.ts';
import {
  createVersionWorld,
  interruptedAt,
  Killed,
  killedAt,
  project,
  type Row,
  type VersionWorld,
} from '#test/doubles/dataset-versions.ts';
import { applyRetention } from './apply-retention.ts';
import { computeDiff } from './compute-diff.ts';
import { eraseRows } from './erase-rows.ts';
import { requestDiff } from './request-diff.ts';
import { readErasure, requestErasure, resumeErasure } from './request-erasure.ts';
import { tendErasures } from './tend-erasures.ts';

const ask = (world: VersionWorld, ...primaryKeys: string[]) =>
  requestErasure(world, { project, primaryKeys, reason: 'Article 17.', requestedBy: 'ada' });

/** Erases as the event would have it done. */
async function work(world: VersionWorld, erasureId: string): Promise<void> {
  const asked = world.table.published.find(
    ({ detailType, detail }) =>
      detailType === DatasetErasureRequested.detailType &&
      (detail.data as { erasureId: string }).erasureId === erasureId,
  );
  await eraseRows(world, { project, erasureId, metadata: asked!.detail.metadata });
}
async function erase(world: VersionWorld, ...primaryKeys: string[]) {
  const { erasureId } = await ask(world, ...primaryKeys);
  await work(world, erasureId);
  return readErasure(world, { project, erasureId });
}
const completed = (world: VersionWorld) =>
  world.table.published
    .filter(({ detailType }) => detailType === 'DatasetErasureCompleted.v1')
    .map(({ detail }) => detail.data as { versions: unknown[]; rowsErased: number });

/** Whatever is stored of versions, uploads and diffs, in any S3 version; keys and certificates aside. */
const stored = (world: VersionWorld): string =>
  world.bucket
    .contents()
    .filter(([uri]) => !uri.includes('/erasures/'))
    .map(([, content]) => content)
    .join('\n');

describe('an erasure', () => {
  it('takes the rows out of every version, keeps all others, and certifies it', async () => {
    const world = createVersionWorld();
    await world.upload([
      ['ann', '1'],
      ['bob', '2'],
    ]);
    await world.upload([['cid', '3']]);
    await world.upload([['ann', '4']]);
    const before = await collect(world.store.each(project, 'oldestFirst'));
    const { certificateText: certificate, ...erasure } = await erase(world, 'ann');
    expect(erasure).toMatchObject({ status: 'done', rowsErased: 2, keys: 1 });
    const after = await collect(world.store.each(project, 'oldestFirst'));
    expect(await Promise.all(after.map((version) => world.rowsOf(version)))).toEqual([
      [['bob', '2']],
      [
        ['bob', '2'],
        ['cid', '3'],
      ],
      [
        ['bob', '2'],
        ['cid', '3'],
      ],
    ]);
    expect(after.map(({ rows }) => rows)).toEqual([1, 2, 2]);
    expect(certificate).toMatchObject({
      keyDigests: [erasedKeyDigest(erasure.erasureId, 'ann')],
      versions: before.map(({ datasetVersion, contentSha256 }, index) => ({
        datasetVersion,
        contentSha256Before: contentSha256,
        contentSha256: after[index]!.contentSha256,
        rowsErased: [1, 1, 2][index],
      })),
      uploadsDeleted: [`incoming/${project}/1.csv`, `incoming/${project}/3.csv`],
      remaining: [],
    });
    expect(certificate!.objects).toHaveLength(2);
    expect(after[2]!.erasures).toMatchObject([{ contentSha256Before: before[2]!.contentSha256 }]);
    expect(await world.store.newest(project)).toEqual(after[2]);
    expect(stored(world)).not.toContain('ann');
  });

  it('says no key in any item or fact', async () => {
    const world = createVersionWorld();
    await world.upload([['ann.secret@example.org', '1']]);
    await erase(world, 'ann.secret@example.org');
    expect(JSON.stringify([world.table.items(), world.table.published])).not.toContain('ann.secret');
  });

  it('of a key that nobody has rewrites nothing and is certified all the same', async () => {
    const world = createVersionWorld();
    await world.upload([['bob', '2']]);
    const { status, certificateText } = await erase(world, 'ann');
    expect([status, certificateText!.versions, certificateText!.uploadsDeleted]).toEqual(['done', [], []]);
    expect(completed(world)).toMatchObject([{ rowsErased: 0, versions: [] }]);
  });

  it('sweeps a version that came while it worked', async () => {
    const world = createVersionWorld();
    await world.upload([
      ['ann', '1'],
      ['bob', '2'],
    ]);
    const { erasureId } = await ask(world, 'ann');
    let uploads = 0;
    const beginRemoval: typeof world.erasures.beginRemoval = async (...begun) => {
      if (uploads++ === 0)
        await world.upload([
          ['ann', '5'],
          ['dee', '6'],
        ]);
      return world.erasures.beginRemoval(...begun);
    };
    await work({ ...world, erasures: { ...world.erasures, beginRemoval } }, erasureId);
    expect(stored(world)).not.toContain('ann');
    expect(completed(world)[0]!.versions).toHaveLength(2);
  });

  it('deletes copies among the uploads that made no version, and names rejected ones', async () => {
    const world = createVersionWorld();
    await world.upload([['ann', '1']]);
    world.bucket.put('s3://uploads/again.csv', [['ann', '1']]);
    world.bucket.put('s3://uploads/other.csv', [['bob', '1']]);
    for (const key of ['again.csv', 'other.csv'])
      world.uploadsSeen.push({
        key,
        receivedAt: '2026-01-01T00:00:00Z',
        status: 'unchanged',
        datasetVersion: 1,
      });
    world.uploadsSeen.push({ key: 'bad.csv', receivedAt: '2026-01-01T00:00:00Z', status: 'rejected' });
    const { certificateText } = await erase(world, 'ann');
    expect(certificateText!.uploadsDeleted).toEqual(['again.csv', `incoming/${project}/1.csv`]);
    expect(certificateText!.remaining).toMatchObject([{ kind: 'rejected-upload', id: 'bad.csv' }]);
    expect(world.bucket.has('s3://uploads/other.csv')).toBe(true);
  });

  it('deletes diffs that may show the rows, and names what was trained on them', async () => {
    const world = createVersionWorld();
    await world.upload([
      ['ann', '1'],
      ['bob', '1'],
    ]);
    await world.upload([['cid', '1']]);
    await requestDiff(world, { project, from: 1, to: 2, requestedBy: 'ada' });
    const { requestId } = (await world.diffs.find(project, 1, 2))!;
    await computeDiff(world, { project, from: 1, to: 2, requestId });
    const use = { project, datasetVersion: 1, at: '2026-01-01T00:00:00Z' };
    await world.store.recordUse({ ...use, kind: 'training-set', id: 's' }, { consumer: 't', eventId: '1' });
    await world.store.recordUse(
      { ...use, kind: 'model-version', id: 'm/1' },
      { consumer: 't', eventId: '2' },
    );
    const { certificateText } = await erase(world, 'ann');
    expect(await world.diffs.find(project, 1, 2)).toBeUndefined();
    expect(world.bucket.uris().filter((uri) => uri.includes('/diffs/'))).toEqual([]);
    expect(certificateText!.remaining.map(({ kind, id }) => [kind, id])).toEqual([
      ['model-version', 'm/1'],
      ['training-set', 's'],
    ]);
  });

  it('is refused while another one works, and its keys are not kept', async () => {
    const world = createVersionWorld();
    await world.upload([['ann', '1']]);
    await ask(world, 'ann');
    await expect(ask(world, 'bob')).rejects.toMatchObject({ code: 'ErasureRunning' });
    expect(world.bucket.uris().filter((uri) => uri.includes('keys.json'))).toHaveLength(1);
  });

  it('is refused where there is nothing yet', async () => {
    await expect(ask(createVersionWorld(), 'ann')).rejects.toMatchObject({ code: 'NothingToErase' });
  });

  it('that cannot be done says why and lets others work', async () => {
    const world = createVersionWorld();
    await world.upload([['ann', '1']]);
    const { erasureId } = await ask(world, 'ann');
    const rewriter = {
      withoutRows: async () => {
        throw new AppError('precondition_failed', 'ContentChanged', 'The object is damaged.');
      },
    };
    await work({ ...world, rewriter }, erasureId);
    expect(await readErasure(world, { project, erasureId })).toMatchObject({
      status: 'failed',
      failure: 'The object is damaged.',
    });
    expect(await erase(world, 'ann')).toMatchObject({ status: 'done' });
  });

  it('that nobody goes on with is asked for again after an hour, and its keys go a week after its end', async () => {
    const world = createVersionWorld();
    await world.upload([
      ['ann', '1'],
      ['bob', '1'],
    ]);
    const { erasureId } = await ask(world, 'ann');
    const told = () =>
      world.table.published.filter(({ detailType }) => detailType === DatasetErasureRequested.detailType)
        .length;
    await tendErasures(world, project);
    expect(told()).toBe(1);
    world.clock.advanceSeconds(3601);
    await tendErasures(world, project);
    expect(told()).toBe(2);
    await work(world, erasureId);
    const hasKeys = () => world.bucket.uris().some((uri) => uri.endsWith('keys.json'));
    await tendErasures(world, project);
    expect(hasKeys()).toBe(true);
    world.clock.advanceSeconds(7 * 86_400 + 1);
    await tendErasures(world, project);
    expect(hasKeys()).toBe(false);
    expect((await readErasure(world, { project, erasureId })).status).toBe('done');
  });

  it('that only meets errors is given up after days, lets others begin, and goes on where it stopped when it is resumed', async () => {
    const world = createVersionWorld();
    for (const rows of [
      ['ann', '1'],
      ['ann', '2'],
    ] as const)
      await world.upload([rows]);
    const { erasureId } = await ask(world, 'ann');
    let objects = 0;
    const rewriter: VersionWorld['rewriter'] = {
      withoutRows: (...call) => {
        if (++objects > 1) throw new TypeError('The reader is broken.');
        return world.rewriter.withoutRows(...call);
      },
    };
    const resume = () => resumeErasure(world, { project, erasureId, requestedBy: 'grace' });
    for (let day = 0; day < 3; day++) {
      await expect(work({ ...world, rewriter }, erasureId)).rejects.toThrow('The reader is broken.');
      expect((await readErasure(world, { project, erasureId })).status).toBe('running');
      await expect(resume()).rejects.toMatchObject({ code: 'ErasureNotFailed' });
      world.clock.advanceSeconds(86_400);
      await tendErasures(world, project);
    }
    const { status, failure } = await readErasure(world, { project, erasureId });
    expect(status).toBe('failed');
    expect(failure).toContain('The last error was TypeError: The reader is broken.');
    expect(await erase(world, 'bob')).toMatchObject({ status: 'done' });
    expect(stored(world)).toContain('ann');
    expect(await resume()).toMatchObject({ status: 'running' });
    await work(world, erasureId);
    expect(await readErasure(world, { project, erasureId })).toMatchObject({ status: 'done', rowsErased: 2 });
    expect(stored(world)).not.toContain('ann');
  });

  it('that failed cannot be resumed without its keys', async () => {
    const world = createVersionWorld();
    await world.upload([['ann', '1']]);
    const { erasureId } = await ask(world, 'ann');
    const rewriter = {
      withoutRows: () => Promise.reject(new AppError('precondition_failed', 'Damaged', 'It is damaged.')),
    };
    await work({ ...world, rewriter }, erasureId);
    world.clock.advanceSeconds(8 * 86_400);
    await tendErasures(world, project);
    await expect(resumeErasure(world, { project, erasureId, requestedBy: 'grace' })).rejects.toMatchObject({
      code: 'ErasureKeysGone',
    });
  });

  it('of more versions than a fact holds is told in several', async () => {
    const world = createVersionWorld();
    for (let version = 1; version <= 301; version++) await world.upload([['ann', `${version}`]], 'replace');
    await erase(world, 'ann');
    expect(completed(world).map(({ versions }) => versions.length)).toEqual([300, 1]);
  });

  it('that two work on at once is done and certified once, wherever one of them overtakes the other', async () => {
    for (let at = 1, isOver = false; !isOver; at++) {
      const world = createVersionWorld();
      await world.upload([
        ['ann', '1'],
        ['bob', '2'],
      ]);
      await world.upload([['cid', '3']]);
      const { erasureId } = await ask(world, 'ann');
      const slower = interruptedAt(world, at, () => {
        world.clock.advanceSeconds(1);
        return work(world, erasureId);
      });
      // What it throws, its event would bring again.
      await work(slower.ports, erasureId).catch(() => work(world, erasureId));
      isOver = slower.calls() < at;
      const { status, failure, certificateText } = await readErasure(world, { project, erasureId });
      expect([status, failure], `overtaken at call ${at}`).toEqual(['done', undefined]);
      expect(certificateText!.uploadsDeleted).toEqual([`incoming/${project}/1.csv`]);
      expect(certificateText!.versions.map(({ rowsErased }) => rowsErased)).toEqual([1, 1]);
      expect(completed(world)).toHaveLength(1);
      expect(stored(world)).not.toContain('ann');
      expect(await world.removals.pending(project)).toBeUndefined();
    }
  });

  it('leaves no key and every other row, whatever shares what, wherever it is killed, after retention or before', async () => {
    const row: fc.Arbitrary<Row> = fc.tuple(
      fc.constantFrom('ann', 'bob', 'cid', 'dee'),
      fc.constantFrom('1', '2'),
    );
    const uploads = fc.array(fc.tuple(fc.array(row, { minLength: 1, maxLength: 4 }), fc.boolean()), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(
        uploads,
        fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 3 }),
        fc.boolean(),
        async (all, kills, isExpiredFirst) => {
          const world = createVersionWorld();
          for (const [rows, isAppended] of all) {
            await world.upload(rows, isAppended ? 'append' : 'replace');
            world.clock.advanceSeconds(60);
          }
          if (isExpiredFirst) await applyRetention(world, { project, policy: { keepVersions: 2 } });
          const present = async () =>
            (await collect(world.store.each(project, 'oldestFirst'))).filter(
              ({ expiredAt }) => expiredAt === undefined,
            );
          const wanted = await Promise.all(
            (await present()).map(async (version) =>
              (await world.rowsOf(version)).filter(([key]) => key !== 'ann'),
            ),
          );
          const { erasureId } = await ask(world, 'ann');
          for (const at of kills) {
            try {
              await work(killedAt(world, at).ports, erasureId);
            } catch (error) {
              expect(error).toBeInstanceOf(Killed);
            }
          }
          await work(world, erasureId);
          const versions = await present();
          expect(await Promise.all(versions.map((version) => world.rowsOf(version)))).toEqual(wanted);
          expect(versions.map(({ rows }) => rows)).toEqual(wanted.map((rows) => rows.length));
          expect(stored(world)).not.toContain('ann');
          expect(completed(world)).toHaveLength(1);
          expect(await world.removals.pending(project)).toBeUndefined();
        },
      ),
      { numRuns: 150 },
    );
  });
});
