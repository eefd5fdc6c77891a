import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as datasets from '#services/datasets/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const project = 'parts';
const params = { project };
const projectFile = `name: ${project}
owners: [ada]
data:
  primaryKey: id
  columns:
    id: { type: string }
    x: { type: number }
    y: { type: integer, allowed: [0, 1] }
target: { column: y, task: binary_classification }
training: { onNewData: never }
`;
const rows = 850;
const longId = 'x'.repeat(10_000);
const content = Buffer.from(
  `id,x,y\n${Array.from({ length: rows }, (_none, n) => `${n}${longId},${n},${n % 2}`).join('\n')}\n`,
);

beforeAll(async () => {
  await platform.start();
  const { status } = await platform.call(applyProject, { params, body: projectFile });
  expect(status).toBe(200);
});
afterAll(() => platform.close());

describe('an upload in parts', () => {
  it('goes on where it stopped, and is an upload like any other', async () => {
    const { body: begun } = await platform.call(datasets.createMultipartUpload, {
      params,
      body: { fileName: 'rows.csv', bytes: content.length },
    });
    const { key, uploadId, partBytes, parts } = begun;
    expect(parts).toBe(2);
    const sign = async (...partNumbers: number[]) =>
      (await platform.call(datasets.signUploadParts, { params, body: { key, uploadId, partNumbers } })).body;
    const send = async (partNumber: number) => {
      const [part] = (await sign(partNumber)).parts;
      const body = content.subarray((partNumber - 1) * partBytes, partNumber * partBytes);
      expect((await fetch(part!.url, { method: 'PUT', body })).status).toBe(200);
    };
    const complete = () =>
      platform.call(datasets.completeMultipartUpload, { params, body: { key, uploadId } });

    await send(1);
    expect((await complete()).problem).toMatchObject({
      code: 'UploadIncomplete',
      detail: expect.stringContaining('1 of 2 parts'),
    });
    expect((await sign()).uploaded).toMatchObject([{ partNumber: 1, bytes: partBytes }]);
    await send(2);
    expect((await complete()).body).toEqual({ key, bytes: content.length });
    const upload = await platform.eventually('what became of it', async () => {
      const { body } = await platform.call(datasets.listUploads, { params });
      return body.items.find((item) => item.key === key);
    });
    expect(upload).toMatchObject({ status: 'created', datasetVersion: 1 });
    const { body } = await platform.call(datasets.readDatasetVersion, {
      params: { project, datasetVersion: 1 },
    });
    expect(body.rows).toBe(rows);
  });
});
