import { describe, expect, it } from 'vitest';
import {
  checkedRows,
  createdVersion,
  finishChecks,
  inMemoryValidation,
  project,
} from '#test/doubles/validation.ts';
import { checkUpload } from './check-events.ts';
import { listCheckedFiles } from './list-checked-files.ts';

const version = { project, datasetVersion: 1 };

async function worldWith(bad: number) {
  const world = inMemoryValidation();
  world.world.outcome = checkedRows(bad);
  await checkUpload(world.deps, createdVersion());
  await finishChecks(world);
  const deps = { ...world.deps, address: async ({ uri }: { uri: string }) => `https://signed/${uri}` };
  return { world, list: () => listCheckedFiles(deps, version) };
}

describe('the files of a checked version', () => {
  it('are the rows that passed and those in quarantine, with addresses', async () => {
    const { list } = await worldWith(2);
    expect((await list()).items).toMatchObject([
      { kind: 'validated', rows: 98, url: 'https://signed/s3://data/validated-2' },
      { kind: 'quarantine', rows: 2, url: 'https://signed/s3://data/quarantine' },
    ]);
  });

  it('are gone with the content of the version', async () => {
    const { world, list } = await worldWith(0);
    await world.deps.store.markExpired(project, 1, '2026-02-01T00:00:00.000Z');
    await expect(list()).rejects.toMatchObject({ code: 'DatasetVersionGone' });
  });

  it('are asked for in vain where nothing was checked', async () => {
    const { world } = await worldWith(0);
    const deps = { ...world.deps, address: async () => '' };
    await expect(listCheckedFiles(deps, { project, datasetVersion: 7 })).rejects.toMatchObject({
      code: 'ValidationNotFound',
    });
  });
});
