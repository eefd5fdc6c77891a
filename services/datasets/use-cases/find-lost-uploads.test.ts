import { describe, expect, it } from 'vitest';
import { projectDefinition } from '#services/projects/contract.ts';
import { inMemoryDatasets } from '#test/doubles/datasets.ts';
import type { ObjectWrite } from '../ports.ts';
import { findLostUploads } from './find-lost-uploads.ts';
import { receiveUpload } from './receive-upload.ts';

const definition = projectDefinition.parse({
  name: 'wine',
  owners: ['ada'],
  data: { primaryKey: 'id', columns: { id: { type: 'string' }, x: { type: 'number' } } },
  target: { column: 'x', task: 'regression' },
});
const rows = (id: string) => `id,x\n${id},1\n`;
const hoursAgo = (hours: number) => new Date(Date.UTC(2026, 0, 10) - hours * 3_600_000);
const whole = { until: new Date(Date.UTC(2100, 0, 1)), olderThanMinutes: 15 };

function setUp(uploads: 'append' | 'replace' = 'append') {
  const datasets = inMemoryDatasets({ ...definition, data: { ...definition.data, uploads } });
  const reported: string[] = [];
  const round = (at = hoursAgo(0)) =>
    findLostUploads(
      { ...datasets, clock: { now: () => at }, report: (key, outcome) => reported.push(`${key} ${outcome}`) },
      whole,
    );
  const tell = (source: ObjectWrite, sequencer: string, receivedAt: Date) =>
    receiveUpload(datasets, {
      source: { ...source, sequencer },
      receivedAt,
      requester: 'x',
      claimant: 'event',
    });
  const outcomes = async () => (await datasets.store.uploads('wine', undefined)).items;
  return { datasets, reported, round, tell, outcomes };
}

describe('looking for lost uploads', () => {
  it('handles what no event told of, once', async () => {
    const { datasets, reported, round } = setUp();
    datasets.put('incoming/wine/lost.csv', rows('a'), hoursAgo(1));
    await round();
    await round();
    expect(reported).toEqual(['incoming/wine/lost.csv created']);
    expect(await datasets.store.newest('wine')).toMatchObject({
      datasetVersion: 1,
      createdAt: hoursAgo(1).toISOString(),
    });
  });

  it('leaves out what its event may still tell of, what was told of, and what is long past', async () => {
    const { datasets, reported, round, tell } = setUp();
    datasets.put('incoming/wine/new.csv', rows('a'), hoursAgo(0.2));
    datasets.put('incoming/wine/old.csv', rows('b'), hoursAgo(200));
    await tell(datasets.put('incoming/wine/told.csv', rows('c'), hoursAgo(2)), '0A', hoursAgo(2));
    await round();
    expect(reported).toEqual([]);
    expect(datasets.reads).toEqual(['incoming/wine/told.csv']);
  });

  it('changes nothing when the event comes after all, though other uploads came between', async () => {
    const { datasets, round, tell } = setUp('replace');
    const lost = datasets.put('incoming/wine/lost.csv', rows('a'), hoursAgo(1));
    await round();
    await tell(datasets.put('incoming/wine/next.csv', rows('b'), hoursAgo(0.5)), '0B', hoursAgo(0.5));
    expect(await tell(lost, '0A', hoursAgo(1))).toBe('repeated');
    expect(await datasets.store.newest('wine')).toMatchObject({ datasetVersion: 2 });
  });

  it('leaves out the late event of an older write of the key', async () => {
    const { datasets, round, tell } = setUp('replace');
    const older = datasets.put('incoming/wine/rows.csv', rows('a'), hoursAgo(2));
    datasets.put('incoming/wine/rows.csv', rows('b'), hoursAgo(1));
    await round();
    expect(await tell(older, '0A', hoursAgo(2))).toBe('superseded');
    expect((await datasets.store.versions('wine', undefined)).items).toHaveLength(1);
  });

  it('completes a folder whose last event was lost', async () => {
    const { datasets, reported, round } = setUp();
    datasets.put('incoming/wine/january/a.csv', rows('a'), hoursAgo(2));
    datasets.put('incoming/wine/january/_SUCCESS', '', hoursAgo(1));
    await round();
    await round();
    expect(reported).toEqual(['incoming/wine/january/_SUCCESS created']);
  });

  it('records a folder that nobody completed, once, and takes it when it is completed after all', async () => {
    const { datasets, reported, round, outcomes } = setUp();
    datasets.put('incoming/wine/january/a.csv', rows('a'), hoursAgo(23));
    await round();
    expect(reported).toEqual([]);
    await round(hoursAgo(-2));
    await round(hoursAgo(-3));
    expect(reported).toEqual(['incoming/wine/january/ rejected']);
    expect(await outcomes()).toMatchObject([
      { reasons: [{ code: 'IncompleteUpload', message: expect.stringContaining('it has no marker') }] },
    ]);
    datasets.put('incoming/wine/january/_SUCCESS', '', hoursAgo(-3));
    await round(hoursAgo(-4));
    expect(reported.at(-1)).toBe('incoming/wine/january/_SUCCESS created');
  });

  it('goes on after an upload that fails, and reports it', async () => {
    const { datasets, reported, round } = setUp();
    datasets.put('incoming/wine/a.csv', rows('a'), hoursAgo(1));
    datasets.put('incoming/wine/b.csv', rows('b'), hoursAgo(1));
    const { keep } = datasets.files;
    const failing = { ...datasets, files: { ...datasets.files, keep: failOnce(keep) } };
    await findLostUploads(
      {
        ...failing,
        clock: { now: () => hoursAgo(0) },
        report: (key, outcome) => reported.push(`${key} ${outcome}`),
      },
      whole,
    );
    await round();
    expect(reported).toEqual([
      'incoming/wine/a.csv Error: S3 is away',
      'incoming/wine/b.csv created',
      'incoming/wine/a.csv created',
    ]);
  });
});

function failOnce<Arguments extends unknown[], Result>(call: (...values: Arguments) => Promise<Result>) {
  let failed = false;
  return async (...values: Arguments): Promise<Result> => {
    if (failed) return call(...values);
    failed = true;
    throw new Error('S3 is away');
  };
}
