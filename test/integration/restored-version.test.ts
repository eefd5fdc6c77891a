import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUpload,
  listDatasetFiles,
  listUploads,
  readDatasetVersion,
  restoreDatasetVersion,
} from '#services/datasets/contract.ts';
import { listJourneys, readLineage } from '#services/governance/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { listCheckedFiles, readValidation } from '#services/validation/contract.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const project = 'rooms';
const scientist: Caller = { id: 'sam', grants: [{ project, role: 'scientist' }] };
const projectFile = `name: ${project}
owners: [ada]
data:
  primaryKey: id
  checks: { minRows: 10, maxQuarantinedShare: 0.1 }
  columns:
    id: { type: string }
    x: { type: number, min: 0 }
    y: { type: integer, allowed: [0, 1] }
target: { column: y, task: binary_classification }
training: { onNewData: never }
`;
const rowsFrom = (first: number, value: (n: number) => number): string =>
  `id,x,y\n${Array.from({ length: 30 }, (_none, n) => `r${first + n},${value(n)},${n % 2}`).join('\n')}\n`;

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params: { project }, body: projectFile });
});
afterAll(() => platform.close());

/** Uploads as a person does, by a presigned address, and answers the report on the version that came of it. */
async function upload(fileName: string, text: string) {
  const body = { fileName, bytes: Buffer.byteLength(text) };
  const { body: address } = await platform.call(createUpload, { params: { project }, body, as: scientist });
  const { headers } = address;
  expect((await fetch(address.url, { method: 'PUT', headers, body: text })).status).toBe(200);
  const datasetVersion = await platform.eventually(`a version of ${fileName}`, async () => {
    const { body: uploads } = await platform.call(listUploads, { params: { project } });
    return uploads.items.find(({ key }) => key === address.key)?.datasetVersion;
  });
  return reportOf(datasetVersion);
}
const reportOf = (datasetVersion: number) =>
  platform.eventually(`the report on version ${datasetVersion}`, async () => {
    const { status, body } = await platform.call(readValidation, { params: { project, datasetVersion } });
    return status === 200 ? body : undefined;
  });
const restore = (datasetVersion: number) =>
  platform.call(restoreDatasetVersion, {
    params: { project, datasetVersion },
    body: { reason: 'a sensor was broken' },
    as: scientist,
  });

describe('an upload that fails where uploads are added', () => {
  it('fails in every later version, and the report names the cure', async () => {
    expect(
      await upload(
        'first.csv',
        rowsFrom(0, (n) => n),
      ),
    ).toMatchObject({ verdict: 'Pass' });
    expect(
      await upload(
        'broken.csv',
        rowsFrom(100, () => -1),
      ),
    ).toMatchObject({
      verdict: 'Fail',
      cure: expect.stringContaining(`npx millrace data restore ${project} 1 `),
    });
    expect(
      await upload(
        'next.csv',
        rowsFrom(200, (n) => n),
      ),
    ).toMatchObject({ verdict: 'Fail', rows: 90 });
    expect((await reportOf(2)).cure).toBeUndefined();
  });

  it('is left behind by restoring the last good version, which is validated as an upload is', async () => {
    const { status, body } = await restore(1);
    expect(status).toBe(201);
    expect(body).toMatchObject({ datasetVersion: 4, parentVersion: 3, restoredFrom: 1, rows: 30 });
    expect(await reportOf(4)).toMatchObject({ verdict: 'Pass', rows: 30 });
    expect((await restore(1)).problem.code).toBe('DatasetUnchanged');
    expect(
      await upload(
        'corrected.csv',
        rowsFrom(100, (n) => n),
      ),
    ).toMatchObject({
      datasetVersion: 5,
      verdict: 'Pass',
      rows: 60,
    });
  });

  it('is told of by the version, its journey and its lineage', async () => {
    const params = { project, datasetVersion: 4 };
    const { body: version } = await platform.call(readDatasetVersion, { params });
    expect(version).toMatchObject({ restoredFrom: 1, restorationReason: 'a sensor was broken' });
    const journey = await platform.eventually('the journey of the restoration', async () => {
      const { body } = await platform.call(listJourneys, { params: { project } });
      return body.items.find(({ steps }) =>
        steps.some(({ summary }) => summary.includes('restored from version 1 (a sensor was broken)')),
      );
    });
    expect(journey.cause).toBe('Restoration of dataset version 1');
    const { body: graph } = await platform.call(readLineage, {
      params: { project, kind: 'dataset-version', id: '5' },
      query: { direction: 'up' },
    });
    expect(graph.edges).toContainEqual({
      from: 'dataset-version:1',
      relation: 'restored as',
      to: 'dataset-version:4',
    });
    expect(graph.nodes.map(({ id }) => id)).not.toContain('dataset-version:2');
  });

  it('has files by the names that their uploader gave them, and checked rows as Parquet', async () => {
    const params = { project, datasetVersion: 5 };
    const { body: files } = await platform.call(listDatasetFiles, { params, as: scientist });
    expect(files.items.map(({ path }) => path)).toEqual(['first.csv', 'corrected.csv']);
    const { body: checked } = await platform.call(listCheckedFiles, { params, as: scientist });
    expect(checked.items).toMatchObject([{ kind: 'validated', rows: 60 }]);
    const parquet = Buffer.from(await (await fetch(checked.items[0]!.url)).arrayBuffer());
    expect(parquet.subarray(0, 4).toString()).toBe('PAR1');
    expect(parquet.length).toBe(checked.items[0]!.bytes);
    const { body: failed } = await platform.call(listCheckedFiles, {
      params: { project, datasetVersion: 2 },
      as: scientist,
    });
    expect(failed.items).toMatchObject([{ kind: 'quarantine', rows: 30 }]);
  });
});
