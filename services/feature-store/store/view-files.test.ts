import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { ErasedEntities, Sources } from '../ports.ts';
import { createViewFiles } from './view-files.ts';

const object = (name: string) => ({ uri: `s3://data-bucket/${name}`, sha256: name.repeat(64), bytes: 1 });
const view = (source: object) => ({ project: 'taxis', view: 'trips', source }) as FeatureViewVersion;
const dataset = view({ type: 'dataset', name: 'rides', dataset: 'rides', eventTimestamp: 'at' });
const asOf = '2026-06-01T00:00:00.000Z';

const filesWith = (newestValidation: () => Promise<object>, erased: readonly ErasedEntities[] = []) =>
  createViewFiles({
    erasures: async (project) => (project === 'taxis' ? erased : []),
    newestValidation: newestValidation as () => ReturnType<Sources['validation']>,
    records: {
      list: async () => [
        { object: object('b'), format: 'parquet', firstAvailableAt: '2026-05-01T00:00:00.000Z' },
        { object: object('a'), format: 'jsonl', firstAvailableAt: '2026-05-02T00:00:00.000Z' },
        { object: object('c'), format: 'jsonl', firstAvailableAt: '2026-06-02T00:00:00.000Z' },
      ],
    },
    captures: { list: async (_project, { to }) => (to === asOf ? [captureFile] : []) },
  });
const captureFile = {
  project: 'taxis',
  modelVersion: 1,
  object: object('d'),
  count: 1,
  firstAt: asOf,
  lastAt: asOf,
};
const absent = () => Promise.reject(new AppError('not_found', 'ValidationNotFound', 'There is none.'));

describe('the files of a view', () => {
  it('of a dataset say which entities were erased, and have another hash then', async () => {
    const erased = [
      {
        erasureId: 'e1',
        joinKeys: [{ name: 'driver_id', type: 'string' as const }],
        keyDigests: ['f'.repeat(64)],
        requestedAt: asOf,
      },
    ];
    const validation = async () => ({ datasetVersion: 3, validated: object('e') });
    const before = await filesWith(validation).list(dataset, asOf);
    const after = await filesWith(validation, erased).list(dataset, asOf);
    expect(before).not.toHaveProperty('erased');
    expect(after).toMatchObject({ objects: before.objects, erased });
    expect(after.sourceSha256).not.toBe(before.sourceSha256);
    expect(
      await filesWith(validation, erased).list(view({ type: 'stream', name: 's' }), asOf),
    ).not.toHaveProperty('erased');
  });

  it('are the newest validated rows of a dataset, with its version', async () => {
    const files = filesWith(async () => ({ datasetVersion: 3, validated: object('e') }));
    expect(await files.list(dataset, asOf)).toEqual({
      objects: [{ object: object('e'), format: 'parquet' }],
      dataset: 'rides',
      datasetVersion: 3,
      sourceSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('are what of a stream landed by then, in one order', async () => {
    const { objects } = await filesWith(absent).list(view({ type: 'stream' }), asOf);
    expect(objects.map((file) => [file.object.uri, file.format])).toEqual([
      ['s3://data-bucket/a', 'jsonl'],
      ['s3://data-bucket/b', 'parquet'],
    ]);
  });

  it('are what was captured of predictions by then', async () => {
    const { objects } = await filesWith(absent).list(view({ type: 'captures' }), asOf);
    expect(objects).toEqual([{ object: object('d'), format: 'jsonl' }]);
  });

  it.each([
    ['was never validated', absent],
    ['has a report without rows', async () => ({ datasetVersion: 1, verdict: 'Fail' })],
  ])('are none of a dataset that %s, with the cure', async (_what, newestValidation) => {
    await expect(filesWith(newestValidation).list(dataset, asOf)).rejects.toMatchObject({
      code: 'DatasetNotTrainable',
      message: expect.stringContaining('Upload data'),
    });
  });

  it('lets other failures through', async () => {
    const broken = () => Promise.reject(new Error('no route'));
    await expect(filesWith(broken).list(dataset, asOf)).rejects.toThrow('no route');
  });
});
