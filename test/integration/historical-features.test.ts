import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as features from '#services/feature-store/contract.ts';
import * as projects from '#services/projects/contract.ts';
import { readValidation } from '#services/validation/contract.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** A laptop where what takes more than a fifth of a megabyte of text is too big for a function. */
const platform = new RunningPlatform({
  assemble: assemblyOfStage('local', { functionCheckMaxBytes: 200_000 }),
  templates: 'local',
});
const project = 'taxis';
const projectFile = `name: ${project}
owners: [ada]
data:
  primaryKey: id
  eventTime: at
  columns:
    id: { type: string }
    driver: { type: string }
    at: { type: timestamp }
    rating: { type: number, nullable: true }
    tip: { type: integer, allowed: [0, 1] }
target: { column: tip, task: binary_classification }
excludeFeatures: [driver]
training: { onNewData: never }
features:
  entities:
    driver: { joinKeys: { driver: string } }
  sources:
    rides: { type: dataset, availabilityDelay: 1h }
    late_rides: { type: dataset }
  featureViews:
    ratings: { entities: [driver], source: rides, schema: { rating: number }, ttl: 365d, online: false }
    month: { entities: [driver], source: rides, aggregations: { rides: { function: count, window: 30d } }, online: false }
    known_late: { entities: [driver], source: late_rides, schema: { late_rating: { type: number, column: rating } }, online: false }
  featureServices:
    tips: { features: [ratings, month] }
`;
/** Three drivers, a ride each day of January. */
const rides = Array.from(
  { length: 90 },
  (_, i) =>
    `r${i},d${i % 3},2026-01-${String(1 + (i % 30)).padStart(2, '0')}T00:00:00Z,${1 + (i % 5)},${i % 2}`,
);

type Body = Record<string, unknown>;
const retrieve = async (body: Body) => {
  const asked = await platform.call(features.getHistoricalFeatures, { params: { project }, body });
  if (asked.status !== 202) return { status: asked.status, problem: asked.problem };
  const params = { project, retrievalId: asked.body!.retrievalId };
  const retrieval = await platform.eventually('the end of the retrieval', async () => {
    const { body: read } = await platform.call(features.readHistoricalFeatures, { params });
    return read?.status === 'running' ? undefined : read;
  });
  return { status: asked.status, retrieval };
};
const download = async (url: string | undefined): Promise<Buffer> =>
  Buffer.from(await (await fetch(url!)).arrayBuffer());

beforeAll(async () => {
  await platform.start();
  const applied = await platform.call(projects.applyProject, { params: { project }, body: projectFile });
  expect(applied.problem).toBeUndefined();
  await platform.upload(`incoming/${project}/rides.csv`, `id,driver,at,rating,tip\n${rides.join('\n')}\n`);
  await platform.eventually('the validated rows', async () => {
    const { status } = await platform.call(readValidation, { params: { project, datasetVersion: 1 } });
    return status === 200 ? true : undefined;
  });
  await platform.eventually('the definitions', async () => {
    const { body } = await platform.call(features.listFeatures, { params: { project } });
    return body?.featureServices.length === 1 ? true : undefined;
  });
});
afterAll(() => platform.close());

const rows = [
  { driver: 'd0', event_timestamp: '2026-01-10T12:00:00Z', fare: 7.5 },
  { driver: 'd9', event_timestamp: '2026-01-10T12:00:00Z', fare: 8 },
];

describe('historical features', () => {
  it('of rows in the request are made by a function, with the same bytes each time', async () => {
    const asOf = new Date().toISOString();
    const body = { featureService: 'tips', entityRows: { type: 'rows', rows }, asOf };
    const [first, second] = [await retrieve(body), await retrieve(body)];
    expect(first.retrieval).toMatchObject({ status: 'done', place: 'function' });
    const { trainingSet, downloadUrl } = first.retrieval!;
    const bytes = await download(downloadUrl);
    expect(sha256Hex(bytes)).toBe(trainingSet!.contentSha256);
    expect(second.retrieval!.trainingSet!.contentSha256).toBe(trainingSet!.contentSha256);
    expect(second.retrieval!.trainingSet!.trainingSetId).toBe(trainingSet!.trainingSetId);
    expect(trainingSet).toMatchObject({
      rows: 2,
      counts: [
        { feature: 'rating', present: 1, notFound: 1 },
        { feature: 'rides', present: 1, notFound: 1 },
      ],
      inputs: {
        featureService: { service: 'tips', version: 1 },
        views: [{ view: 'ratings', dataset: project, datasetVersion: 1 }, { view: 'month' }],
      },
    });
    const read = await withScratchFolder(async (folder) => {
      await writeFile(`${folder}/set.parquet`, bytes);
      return withDuckDb({ folder, functionMemoryMb: 512 }, (database) =>
        database.rows(`SELECT driver, fare, rating, rides FROM read_parquet('${folder}/set.parquet')`),
      );
    });
    // Driver 0 rode on days 1, 4, 7 and 10, three times each; the last rides were known an hour later.
    expect(read).toEqual([
      { driver: 'd0', fare: 7.5, rating: 5, rides: 12n },
      { driver: 'd9', fare: 8, rating: null, rides: null },
    ]);
  });

  it('of a big file are made by a processing job, with the same code', async () => {
    const sent = await platform.call(features.createEntityFile, {
      params: { project },
      body: { fileName: 'entities.csv' },
    });
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `d${i % 4},2026-01-${String(1 + (i % 30)).padStart(2, '0')}T12:00:00Z,${i}`,
    );
    const put = await fetch(sent.body!.url, {
      method: 'PUT',
      body: `driver,event_timestamp,place\n${lines.join('\n')}\n`,
    });
    expect(put.status).toBe(200);
    const { retrieval } = await retrieve({
      featureService: 'tips',
      entityRows: { type: 'file', fileId: sent.body!.fileId },
    });
    expect(retrieval).toMatchObject({
      status: 'done',
      place: 'processing-job',
      trainingSet: { rows: 3000, inputs: { entityRows: { type: 'file' } } },
    });
    expect(sha256Hex(await download(retrieval!.downloadUrl))).toBe(retrieval!.trainingSet!.contentSha256);
  });

  it('of rows of the dataset say why all are missing', async () => {
    const { retrieval } = await retrieve({
      features: ['known_late'],
      entityRows: { type: 'dataset', where: "driver <> 'd2'", columns: ['driver', 'tip'] },
    });
    expect(retrieval!.trainingSet).toMatchObject({
      rows: 60,
      counts: [{ feature: 'late_rating', present: 0, notFound: 60 }],
      notes: [expect.stringContaining('became known later')],
    });
  });

  it('refuse what cannot be, at once or with the row', async () => {
    const rowsOf = (row: object) => ({ featureService: 'tips', entityRows: { type: 'rows', rows: [row] } });
    expect((await retrieve(rowsOf({ driver: 'd0' }))).problem).toMatchObject({ code: 'InvalidEntities' });
    const { retrieval } = await retrieve(rowsOf({ driver: 'd0', event_timestamp: 'soon' }));
    expect(retrieval).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining("Entity row 1 has 'event_timestamp' = 'soon'"),
    });
    const { body } = await platform.call(features.listHistoricalFeatures, { params: { project } });
    expect(body!.items[0]).toMatchObject({ status: 'failed' });
  });
});
