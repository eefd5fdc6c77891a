import { describe, expect, it } from 'vitest';
import { DatasetVersionCreated, DatasetVersionRejected } from '#events/datasets.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { digestOf, sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { inMemoryDatasets } from '#test/doubles/datasets.ts';
import type { ObjectWrite } from '../ports.ts';
import { createUpload } from './create-upload.ts';
import { receiveUpload } from './receive-upload.ts';

const definition = projectDefinition.parse({
  name: 'wine',
  owners: ['ada'],
  data: {
    primaryKey: 'id',
    maxUploadBytes: 1000,
    columns: {
      id: { type: 'string' },
      x: { type: 'number' },
      note: { type: 'number', nullable: true },
      y: { type: 'integer' },
    },
  },
  target: { column: 'y', task: 'regression' },
});

function setUp(mode: 'append' | 'replace' = 'append', maxUploadBytes = 1000) {
  const data = { ...definition.data, uploads: mode, maxUploadBytes };
  const datasets = inMemoryDatasets({ ...definition, data });
  let sequence = 0;
  const arrive = (
    content: string,
    options: { key?: string; sequencer?: string; again?: ObjectWrite } = {},
  ) => {
    const key = options.key ?? 'incoming/wine/rows.csv';
    const sequencer = options.sequencer ?? (++sequence).toString(16).padStart(4, '0');
    const receivedAt = new Date(`2026-01-01T00:00:${String(sequence).padStart(2, '0')}.000Z`);
    const source = options.again ?? { ...datasets.put(key, content, receivedAt), sequencer };
    return receiveUpload(datasets, {
      source,
      receivedAt,
      requester: '123456789012',
      claimant: 'event',
    });
  };
  return { datasets, arrive };
}

describe('receiving an upload', () => {
  it('keeps the name that the uploader gave the file', async () => {
    const { datasets, arrive } = setUp();
    await arrive('id,x,y\na,1,2', { key: 'incoming/wine/01M8GK867G8ZFH4T05KRHT0CG4-first.csv' });
    const { manifest } = (await datasets.store.newest('wine'))!;
    expect(datasets.manifest(manifest).objects.map(({ path }) => path)).toEqual(['first.csv']);
  });

  it('makes the first version and tells of it', async () => {
    const { datasets, arrive } = setUp();
    expect(await arrive('id,x,y\na,1,2\nb,1,2')).toBe('created');
    const [event] = datasets.events;
    const { data, metadata } = DatasetVersionCreated.parse({
      source: event!.source,
      'detail-type': event!.detailType,
      detail: event!.detail,
    }).detail;
    expect(data).toMatchObject({ datasetVersion: 1, rows: 2, projectRevision: 3 });
    expect(data.contentSha256).toBe(digestOf(datasets.manifest(data.manifest)));
    expect(metadata.actor).toEqual({ type: 'user', id: 'aws:123456789012' });
    expect(metadata.correlationId).toMatch(/^upload-[0-9a-f]{32}$/);
  });

  it('adds a second upload to what there is', async () => {
    const { datasets, arrive } = setUp();
    await arrive('id,x,y\na,1,2');
    await arrive('id,x,y\nb,3,4\nc,3,4');
    expect(await datasets.store.newest('wine')).toMatchObject({
      datasetVersion: 2,
      rows: 3,
      parentVersion: 1,
    });
  });

  it('lets a second upload replace what there is where the project says so', async () => {
    const { datasets, arrive } = setUp('replace');
    await arrive('id,x,y\na,1,2');
    await arrive('id,x,y\nb,3,4\nc,3,4');
    expect(await datasets.store.newest('wine')).toMatchObject({ datasetVersion: 2, rows: 2 });
  });

  it('rejects an upload whose new columns would make the dataset too wide', async () => {
    const { datasets, arrive } = setUp('append', 100_000);
    const names = (from: number) =>
      Array.from({ length: 240 }, (_none, i) => `,${from + i}`.padEnd(240, '_'));
    expect(await arrive(`id,x,y${names(0).join('')}\na,1,2${',1'.repeat(240)}`)).toBe('created');
    expect(await arrive(`id,x,y${names(240).join('')}\nb,1,2${',1'.repeat(240)}`)).toBe('rejected');
    const [newest] = (await datasets.store.uploads('wine', undefined)).items;
    expect(newest?.reasons?.[0]?.message).toMatch(/dataset would be too wide: its 483 column names/);
  });

  it('makes no version and no event of content that is there already', async () => {
    const { datasets, arrive } = setUp();
    await arrive('id,x,y\na,1,2');
    expect(await arrive('id,x,y\na,1,2', { key: 'incoming/wine/again.csv' })).toBe('unchanged');
    expect(datasets.events).toHaveLength(1);
    expect((await datasets.store.uploads('wine', undefined)).items[0]).toMatchObject({
      status: 'unchanged',
      datasetVersion: 1,
    });
  });

  it('changes nothing when S3 tells of the same write again', async () => {
    const { datasets, arrive } = setUp();
    await arrive('id,x,y\na,1,2', { sequencer: '0A' });
    const again = { bucket: 'uploads', key: 'incoming/wine/rows.csv', versionId: 'v0', sequencer: '0A' };
    expect(await arrive('id,x,y\na,1,2', { again })).toBe('repeated');
    expect(datasets.events).toHaveLength(1);
  });

  it('leaves out a write that a newer one of the same key overtook', async () => {
    const { datasets, arrive } = setUp();
    await arrive('id,x,y\na,1,2', { sequencer: '0062E99A88DC407460' });
    expect(await arrive('id,x,y\nold,1,2', { sequencer: '0062E99A88DC4074' })).toBe('superseded');
    expect(await datasets.store.newest('wine')).toMatchObject({ datasetVersion: 1 });
  });

  it('reads the write that it was told of, though a newer one is there already', async () => {
    const { datasets, arrive } = setUp();
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    const older = { ...datasets.put('incoming/wine/rows.csv', 'id,x,y\na,1,2', at(1)), sequencer: '0A' };
    const newer = {
      ...datasets.put('incoming/wine/rows.csv', 'id,x,y\nb,1,2\nc,1,2', at(2)),
      sequencer: '0B',
    };
    expect(await arrive('', { again: older })).toBe('created');
    expect(await datasets.store.newest('wine')).toMatchObject({ datasetVersion: 1, rows: 1 });
    expect(await arrive('', { again: newer })).toBe('created');
    expect(await datasets.store.newest('wine')).toMatchObject({ datasetVersion: 2, rows: 3 });
  });

  it('gives uploads that come at once one number each', async () => {
    const { datasets, arrive } = setUp();
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => arrive(`id,x,y\n${id},1,2`, { key: `incoming/wine/${id}.csv` })),
    );
    const { items } = await datasets.store.versions('wine', undefined);
    expect(items.map(({ datasetVersion, rows }) => [datasetVersion, rows])).toEqual([
      [4, 4],
      [3, 3],
      [2, 2],
      [1, 1],
    ]);
  });

  it('names the person who asked for the address', async () => {
    const { datasets, arrive } = setUp();
    const { key } = await createUpload(
      { ...datasets, ids: sequentialIds('id') },
      { project: 'wine', fileName: 'rows.csv', bytes: 30, requestedBy: 'grace' },
    );
    expect(key).toBe('incoming/wine/id0001-rows.csv');
    await arrive('id,x,y\na,1,2', { key });
    expect(datasets.events[0]!.detail.metadata.actor).toEqual({ type: 'user', id: 'grace' });
  });

  it.each([
    ['an unknown project', 'incoming/beer/rows.csv', 'id,x,y\na,1,2', 'UnknownProject', 'beer'],
    ['a key without a file', 'incoming/wine/', '', 'InvalidUploadKey', 'wine'],
    ['a key without a project', 'incoming/rows.csv', 'id,x,y\na,1,2', 'InvalidUploadKey', 'unknown'],
    ['a key whose project cannot be one', 'incoming/Wine!/rows.csv', 'id', 'InvalidUploadKey', 'unknown'],
    ['an empty file', 'incoming/wine/rows.csv', '', 'EmptyUpload', 'wine'],
    ['a file without rows', 'incoming/wine/rows.csv', 'id,x,y', 'EmptyUpload', 'wine'],
    ['a file that is too large', 'incoming/wine/rows.csv', 'x'.repeat(1001), 'UploadTooLarge', 'wine'],
    [
      'a file without a column that must be there',
      'incoming/wine/rows.csv',
      'id,X,y\na,1,2',
      'MissingColumns',
      'wine',
    ],
    [
      'a file that cannot be read',
      'incoming/wine/rows.csv',
      'id,x,y\na,1\nb,1,2\n',
      'UnreadableUpload',
      'wine',
    ],
  ])('rejects %s, with a reason', async (_what, key, content, code, project) => {
    const { datasets, arrive } = setUp();
    expect(await arrive(content, { key })).toBe('rejected');
    const [event] = datasets.events;
    const { data, metadata } = DatasetVersionRejected.parse({
      source: event!.source,
      'detail-type': event!.detailType,
      detail: event!.detail,
    }).detail;
    expect(data.reasons[0]!.code).toBe(code);
    expect([data.project, metadata.project]).toEqual([project, project]);
    expect((await datasets.store.uploads(project, undefined)).items[0]).toMatchObject({ status: 'rejected' });
  });

  it('rejects an object that is gone by the time it is read', async () => {
    const { datasets } = setUp();
    const source = { bucket: 'uploads', key: 'incoming/wine/gone.csv', sequencer: '01' };
    const arrived = { source, receivedAt: new Date(0), requester: 'x', claimant: 'event' };
    expect(await receiveUpload(datasets, arrived)).toBe('rejected');
  });

  it('keeps content at its hash', async () => {
    const { datasets, arrive } = setUp();
    const content = 'id,x,y\na,1,2';
    await arrive(content);
    const { manifest } = (await datasets.store.newest('wine'))!;
    expect(datasets.manifest(manifest).objects[0]).toMatchObject({
      uri: `s3://data/datasets/wine/objects/${sha256Hex(content)}.csv`,
      rows: 1,
      availableAt: '2026-01-01T00:00:01.000Z',
    });
  });
});

describe('asking for an upload address', () => {
  const ask = (input: Partial<Parameters<typeof createUpload>[1]>) =>
    createUpload(
      { ...setUp().datasets, ids: sequentialIds('id') },
      { project: 'wine', fileName: 'rows.csv', bytes: 30, requestedBy: 'grace', ...input },
    );

  it('refuses an unknown project', async () => {
    await expect(ask({ project: 'beer' })).rejects.toThrow(/Apply its project file first/);
  });

  it('refuses more than the project allows, before anything is sent', async () => {
    await expect(ask({ bytes: 1001 })).rejects.toThrow(
      /1001 bytes; data.maxUploadBytes of project 'wine' allows 1000/,
    );
  });
});
