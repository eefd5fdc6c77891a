import { describe, expect, it } from 'vitest';
import { createVersionWorld, project } from '#test/doubles/dataset-versions.ts';
import { putTag, removeTag } from './move-tag.ts';

async function worldOfTwo() {
  const world = createVersionWorld();
  await world.upload([['a', '1']]);
  await world.upload([['b', '1']]);
  const put = (datasetVersion: number, tag = 'golden') =>
    putTag(world, { project, tag, datasetVersion, requestedBy: 'ada' });
  const moves = () =>
    world.table.published
      .filter(({ detailType }) => detailType === 'DatasetTagMoved.v1')
      .map(({ detail }) => detail.data);
  return { world, put, moves };
}

describe('a tag', () => {
  it('moves from version to version and tells of it', async () => {
    const { world, put, moves } = await worldOfTwo();
    expect(await put(1)).toEqual({ tag: 'golden', datasetVersion: 1 });
    expect(await put(2)).toEqual({ tag: 'golden', datasetVersion: 2, from: 1 });
    expect((await world.store.marks(project, 1)).tags).toEqual([]);
    expect((await world.store.marks(project, 2)).tags).toEqual(['golden']);
    expect(await removeTag(world, { project, tag: 'golden', requestedBy: 'ada' })).toEqual({
      tag: 'golden',
      from: 2,
    });
    expect((await world.store.marks(project, 2)).tags).toEqual([]);
    expect(moves()).toEqual([
      { project, tag: 'golden', datasetVersion: 1 },
      { project, tag: 'golden', datasetVersion: 2, from: 1 },
      { project, tag: 'golden', from: 2 },
    ]);
  });

  it('on its version already changes nothing', async () => {
    const { put, moves } = await worldOfTwo();
    await put(1);
    expect(await put(1)).toEqual({ tag: 'golden', datasetVersion: 1 });
    expect(moves()).toHaveLength(1);
  });

  it('moved by several at once is where the last one put it, and nowhere else', async () => {
    const { world, put } = await worldOfTwo();
    await Promise.all([put(1), put(2), put(1), put(2), put(1, 'other')]);
    const at = (await world.store.tag(project, 'golden'))!.datasetVersion;
    const tagsOf = async (version: number) => (await world.store.marks(project, version)).tags;
    expect(await tagsOf(at)).toContain('golden');
    expect(await tagsOf(at === 1 ? 2 : 1)).not.toContain('golden');
    expect(await tagsOf(1)).toContain('other');
  });

  it('is refused for what there is not', async () => {
    const { world, put } = await worldOfTwo();
    await expect(put(3)).rejects.toMatchObject({ code: 'DatasetVersionNotFound' });
    await expect(removeTag(world, { project, tag: 'none', requestedBy: 'ada' })).rejects.toMatchObject({
      code: 'DatasetTagNotFound',
    });
  });
});
