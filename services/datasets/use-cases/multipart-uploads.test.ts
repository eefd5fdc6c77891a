import { describe, expect, it } from 'vitest';
import { projectDefinition } from '#services/projects/contract.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { inMemoryDatasets } from '#test/doubles/datasets.ts';
import type { MultipartUploads, UploadedPart } from '../ports.ts';
import {
  completeMultipartUpload,
  createMultipartUpload,
  partBytes,
  signUploadParts,
} from './multipart-uploads.ts';

const definition = projectDefinition.parse({
  name: 'wine',
  owners: ['ada'],
  data: {
    primaryKey: 'id',
    maxUploadBytes: 3 * partBytes,
    columns: { id: { type: 'string' }, x: { type: 'number' } },
  },
  target: { column: 'x', task: 'regression' },
});

function setUp() {
  const uploaded: UploadedPart[] = [];
  const completed: (readonly UploadedPart[])[] = [];
  const multipart: MultipartUploads = {
    bucket: 'uploads',
    begin: async (key) => `id of ${key}`,
    signPart: async ({ key, partNumber, bytes }) =>
      `https://uploads/${key}?part=${partNumber}&bytes=${bytes}`,
    parts: async () => uploaded,
    complete: async ({ parts }) => void completed.push(parts),
  };
  const deps = { ...inMemoryDatasets(definition), multipart, ids: sequentialIds('id') };
  const begin = (bytes = partBytes + 5) =>
    createMultipartUpload(deps, { project: 'wine', fileName: 'rows.csv', bytes, requestedBy: 'grace' });
  const there = (partNumber: number, bytes: number) =>
    uploaded.push({ partNumber, bytes, etag: `e${partNumber}` });
  return { deps, begin, there, completed };
}

describe('an upload in parts', () => {
  it('is put together of parts that each take exactly their bytes', async () => {
    const { deps, begin, there, completed } = setUp();
    const { key, uploadId, parts } = await begin();
    expect([key, parts]).toEqual(['incoming/wine/id0001-rows.csv', 2]);
    there(1, partBytes);
    const upload = { project: 'wine', key, uploadId };
    expect(await signUploadParts(deps, { ...upload, partNumbers: [2] })).toEqual({
      parts: [{ partNumber: 2, url: `https://uploads/${key}?part=2&bytes=5` }],
      uploaded: [{ partNumber: 1, bytes: partBytes, etag: 'e1' }],
    });
    there(2, 5);
    expect(await completeMultipartUpload(deps, upload)).toEqual({ key, bytes: partBytes + 5 });
    expect(completed[0]?.map(({ partNumber }) => partNumber)).toEqual([1, 2]);
    expect(await deps.store.key(key)).toMatchObject({ requestedBy: 'grace' });
  });

  it('is not put together while a part is missing or has another size', async () => {
    const { deps, begin, there, completed } = setUp();
    const { key, uploadId } = await begin(3 * partBytes);
    there(1, partBytes);
    there(3, 17);
    await expect(completeMultipartUpload(deps, { project: 'wine', key, uploadId })).rejects.toThrow(
      /2 of 3 parts are missing or have another size: 2, 3\./,
    );
    expect(completed).toEqual([]);
  });

  it('has no parts beyond its bytes', async () => {
    const { deps, begin } = setUp();
    const { key, uploadId } = await begin();
    const asked = { project: 'wine', key, uploadId, partNumbers: [3] };
    await expect(signUploadParts(deps, asked)).rejects.toThrow(
      /parts 1 to 2 for its 8388613 bytes; 3 is none/,
    );
  });

  it.each([
    ['of another project', { project: 'beer' }],
    ['with another id', { uploadId: 'another' }],
    ['of a key that the platform began none at', { key: 'incoming/wine/other.csv' }],
    ['outside the incoming files', { key: 'datasets/wine/rows.csv' }],
  ])('%s is not known', async (_what, changed) => {
    const { deps, begin } = setUp();
    const { key, uploadId } = await begin();
    const upload = { project: 'wine', key, uploadId, ...changed };
    const attempts = [
      signUploadParts(deps, { ...upload, partNumbers: [] }),
      completeMultipartUpload(deps, upload),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'UploadNotFound' });
  });

  it('is not begun of more than the project allows, or at a path without a folder', async () => {
    const { deps, begin } = setUp();
    await expect(begin(3 * partBytes + 1)).rejects.toMatchObject({ code: 'UploadTooLarge' });
    const target = { project: 'wine', fileName: 'dt=1/rows.csv', bytes: 1, requestedBy: 'grace' };
    await expect(createMultipartUpload(deps, target)).rejects.toMatchObject({ code: 'FolderRequired' });
    expect(await createMultipartUpload(deps, { ...target, folder: 'january' })).toMatchObject({
      key: 'incoming/wine/january/dt=1/rows.csv',
    });
  });
});
