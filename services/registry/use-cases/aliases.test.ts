import { describe, expect, it } from 'vitest';
import { callerWith, registryWorld } from '#test/doubles/registry.ts';
import { deleteAlias, setAlias } from './change-aliases.ts';
import { createModel } from './change-models.ts';
import { createVersion } from './change-versions.ts';
import { deleteVersion } from './move-stages.ts';
import { aliasAt, aliasHistory } from './read-alias-history.ts';
import { versionByAlias } from './resolve-source.ts';

const ann = callerWith('scientist', 'wine', 'ann');
const grace = callerWith('approver', 'wine', 'grace');
const stranger = callerWith('admin', 'cheese');

async function setUp(name = 'wine') {
  const world = registryWorld();
  await createModel(world.deps, ann, { name, tags: {} });
  for (let n = 1; n <= 2; n++)
    await createVersion(world.deps, ann, { name, source: `s3://bucket/${n}`, tags: {} });
  return world;
}

describe('the aliases of a project’s own model', () => {
  it.each(['champion', 'challenger'])(
    '%s moves by a release or an approver, and nobody else',
    async (alias) => {
      const { deps } = await setUp();
      await expect(setAlias(deps, ann, 'wine', alias, '1')).rejects.toMatchObject({
        kind: 'forbidden',
        message: expect.stringMatching(/moves by a release, or by somebody with the role approver/),
      });
      await setAlias(deps, grace, 'wine', alias, '1');
      await expect(deleteAlias(deps, ann, 'wine', alias)).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(deleteVersion(deps, ann, 'wine', '1')).rejects.toMatchObject({ kind: 'forbidden' });
      await deleteVersion(deps, grace, 'wine', '1');
      expect(await deps.store.readAliases('wine')).toEqual({});
    },
  );

  it('of other names move as their scientists like, as do those of other models', async () => {
    const own = await setUp();
    await setAlias(own.deps, ann, 'wine', 'shadow', '1');
    const lab = await setUp('wine.lab');
    await setAlias(lab.deps, ann, 'wine.lab', 'champion', '1');
    expect((await versionByAlias(lab.deps, ann, 'wine.lab', 'champion')).entry.modelVersion).toBe(1);
  });
});

describe('an alias', () => {
  it('is told of and remembered with who moved it, when and why', async () => {
    const { deps, clock, told } = await setUp();
    await setAlias(deps, ann, 'wine', 'best', '1');
    await setAlias(deps, ann, 'wine', 'best', '1');
    clock.advanceSeconds(60);
    await setAlias(deps, grace, 'wine', 'best', '2');
    clock.advanceSeconds(60);
    await deleteAlias(deps, ann, 'wine', 'best');
    await deleteAlias(deps, ann, 'wine', 'best');
    const history = await aliasHistory(deps, ann, 'wine', 'best', undefined);
    expect(history.items).toMatchObject([
      { fromVersion: 2, movedBy: { id: 'ann' }, movedAt: '2026-01-01T00:02:00.000Z' },
      { fromVersion: 1, toVersion: 2, movedBy: { id: 'grace' }, movedAt: '2026-01-01T00:01:00.000Z' },
      { toVersion: 1, movedBy: { id: 'ann' }, movedAt: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(history.items[0]).not.toHaveProperty('toVersion');
    expect(told().filter(({ type }) => type === 'ModelAliasMoved.v1')).toHaveLength(3);
  });

  it('can be asked where it pointed at any time', async () => {
    const { deps, clock } = await setUp();
    const at = async (time?: string) => (await aliasAt(deps, ann, 'wine', 'best', time)).modelVersion;
    clock.advanceSeconds(60);
    await setAlias(deps, ann, 'wine', 'best', '1');
    await setAlias(deps, ann, 'wine', 'best', '2');
    clock.advanceSeconds(60);
    await setAlias(deps, ann, 'wine', 'best', '1');
    clock.advanceSeconds(60);
    await deleteAlias(deps, ann, 'wine', 'best');
    expect(await at('2026-01-01T00:00:59.999Z')).toBeUndefined();
    expect(await at('2026-01-01T00:01:00.000Z')).toBe(2);
    expect(await at('2026-01-01T00:01:59Z')).toBe(2);
    expect(await at('2026-01-01T00:02:00.000Z')).toBe(1);
    expect(await at('2026-01-01T00:03:00.000Z')).toBeUndefined();
    expect(await at()).toBeUndefined();
    await expect(aliasAt(deps, stranger, 'wine', 'best', undefined)).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  it('is gone with its version, which its history says', async () => {
    const { deps } = await setUp();
    await setAlias(deps, ann, 'wine', 'best', '2');
    await deleteVersion(deps, ann, 'wine', '2');
    await expect(versionByAlias(deps, ann, 'wine', 'best')).rejects.toMatchObject({ kind: 'invalid_input' });
    const { items } = await aliasHistory(deps, ann, 'wine', 'best', undefined);
    expect(items[0]).toMatchObject({ fromVersion: 2, reason: 'Version 2 was deleted.' });
    expect((await versionByAlias(deps, ann, 'wine', 'Latest')).entry.modelVersion).toBe(1);
  });

  it('points to versions that there are, and has a name that means nothing else', async () => {
    const { deps } = await setUp();
    await expect(setAlias(deps, ann, 'wine', 'best', '9')).rejects.toMatchObject({ kind: 'not_found' });
    for (const alias of ['latest', 'v1', 'a b', ''])
      await expect(setAlias(deps, ann, 'wine', alias, '1')).rejects.toMatchObject({ kind: 'invalid_input' });
    await expect(setAlias(deps, stranger, 'wine', 'best', '1')).rejects.toMatchObject({ kind: 'not_found' });
  });
});
