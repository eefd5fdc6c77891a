import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import { createRetrievalWorld, forbidden, objectOf, retrieved } from '#test/doubles/retrievals.ts';
import { advanceRetrieval } from './advance-retrieval.ts';
import { listRetrievals, readRetrieval } from './read-retrievals.ts';
import { repairRetrievals } from './repair-retrievals.ts';
import { type RetrievalRequest, requestRetrieval } from './request-retrieval.ts';
import { runRetrieval } from './run-retrieval.ts';
import { settleRetrievalJob } from './settle-retrieval-job.ts';

type World = ReturnType<typeof createRetrievalWorld>;
type Asked = Partial<RetrievalRequest>;

const rows = {
  type: 'rows',
  rows: [{ driver: '1', event_timestamp: '2026-01-01', distance: 1 }],
} as const;
const request = ({ deps }: World, asked: Asked = {}) =>
  requestRetrieval(deps, {
    project: 'taxis',
    ...(asked.features ? {} : { featureService: 'fares' }),
    entityRows: rows as unknown as RetrievalRequest['entityRows'],
    format: 'parquet',
    requestedBy: 'ada',
    assertViewer: (project) => (project === 'secret' ? forbidden(project) : undefined),
    ...asked,
  });
const one = { project: 'taxis', retrievalId: 'R0001' };
const found = ({ deps }: World) => deps.retrievals.find('taxis', 'R0001');
const facts = ({ table }: World) => table.published.map(({ detailType, detail }) => [detailType, detail]);
const later = ({ clock }: World, seconds: number) => clock.advanceSeconds(seconds);
const outOfRoom = new AppError('unavailable', 'OutOfRoom', 'out of memory');
/** Above what functions take. */
const big = 3_000_000_000;

describe('a request for historical features', () => {
  it('pins service, views, dataset version and objects, and tells of it', async () => {
    const world = createRetrievalWorld();
    const answer = await request(world);
    expect(answer).toEqual({
      ...one,
      status: 'running',
      requestedBy: 'ada',
      requestedAt: '2026-03-01T00:00:00.000Z',
      asOf: '2026-03-01T00:00:00.000Z',
    });
    const [plan] = world.documents.values();
    expect(plan).toMatchObject({
      service: { service: 'fares', version: 3 },
      views: [
        {
          definition: { view: 'ratings', version: 2 },
          found: { datasetVersion: 7, objects: [{ object: objectOf('v7') }] },
        },
      ],
      outputs: [{ name: 'rating' }],
    });
    expect(facts(world)).toMatchObject([
      ['HistoricalFeaturesRequested.v1', { metadata: { actor: { type: 'user', id: 'ada' } }, data: one }],
    ]);
  });

  it.each<[string, Asked, string[]]>([
    ['features one by one', { features: ['ratings:trips', 'ratings:rating'] }, ['trips', 'rating']],
    ['a whole view', { features: ['ratings'] }, ['rating', 'trips']],
    ['full names', { features: ['ratings:trips'], fullFeatureNames: true }, ['ratings__trips']],
  ])('names %s', async (_what, asked, outputs) => {
    const world = createRetrievalWorld();
    await request(world, asked);
    const [plan] = world.documents.values();
    expect(plan!.outputs.map(({ name }) => name)).toEqual(outputs);
    expect(plan!.views[0]!.pinned.features.map(({ as }) => as)).toEqual(outputs);
    expect(plan!.service).toBeUndefined();
  });

  it('takes a dataset at its own event time, and nothing known after now', async () => {
    const world = createRetrievalWorld();
    const where = 'distance > 2';
    const answer = await request(world, {
      entityRows: { type: 'dataset', where },
      asOf: '2126-01-01T00:00:00.000Z',
    });
    expect(answer.asOf).toBe('2026-03-01T00:00:00.000Z');
    const [plan] = world.documents.values();
    expect(plan!.entityRows).toMatchObject({ eventTimestamp: 'asked_at', datasetVersion: 4, where });
  });

  it.each<[string, Asked, string, RegExp]>([
    [
      'a service that is not declared',
      { featureService: 'x' },
      'FeatureServiceNotFound',
      /no feature service 'x'/,
    ],
    ['a version that is not', { version: 9 }, 'FeatureServiceNotFound', /with version 9/],
    ['a view that is not', { features: ['x:y'] }, 'FeatureViewNotFound', /no feature view 'x'/],
    ['a feature that is not', { features: ['ratings:y'] }, 'FeatureNotFound', /It has: rating, trips/],
    ['what names nothing', { features: ['ratings:'] }, 'InvalidFeatures', /or view:feature/],
    [
      'entity rows without a join key',
      { entityRows: { type: 'rows', rows: [{ event_timestamp: '2026-01-01', distance: 1 }] } },
      'InvalidEntities',
      /'driver' is missing/,
    ],
    [
      'entity rows without what expressions ask for',
      { entityRows: { type: 'rows', rows: [{ driver: '1', event_timestamp: '2026-01-01' }] } },
      'InvalidEntities',
      /'distance' is missing/,
    ],
    [
      'a file that is not there',
      { entityRows: { type: 'file', fileId: 'F2' } },
      'EntityFileNotFound',
      /'F2'/,
    ],
    [
      'a condition of a column that is not there',
      { entityRows: { type: 'dataset', where: 'speed > 3' } },
      'InvalidExpression',
      /speed/,
    ],
    [
      'a column that is not there',
      { entityRows: { type: 'dataset', columns: ['speed'] } },
      'InvalidEntities',
      /'speed' is missing/,
    ],
    [
      'columns without a join key',
      { entityRows: { type: 'dataset', columns: ['distance'] } },
      'InvalidEntities',
      /columns that are asked for are 'distance', 'asked_at'; 'driver' is missing/,
    ],
    [
      'the dataset of a project that the caller may not see',
      { entityRows: { type: 'dataset', dataset: 'secret' } },
      'RoleMissing',
      /secret/,
    ],
  ])('refuses %s, and keeps nothing', async (_what, asked, code, message) => {
    const world = createRetrievalWorld();
    await expect(request(world, asked)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(world.table.items()).toEqual([]);
  });

  it('refuses a dataset whose rows did not pass', async () => {
    const world = createRetrievalWorld();
    world.world.verdict = 'Fail';
    const asked = { entityRows: { type: 'dataset' } } as const;
    await expect(request(world, asked)).rejects.toMatchObject({ code: 'DatasetNotTrainable' });
  });
});

describe('a retrieval', () => {
  it('goes to the smallest function that does, and its training set is told', async () => {
    const world = createRetrievalWorld();
    await request(world);
    await advanceRetrieval(world.deps, one);
    await advanceRetrieval(world.deps, one);
    expect(world.invoked).toEqual(['retrieve-small R0001']);
    await runRetrieval(world.deps, one);
    await runRetrieval(world.deps, one);
    expect(await found(world)).toMatchObject({ status: 'done', place: 'function', work: 'ended' });
    expect(facts(world).slice(1)).toMatchObject([
      [
        'HistoricalFeaturesRetrieved.v1',
        {
          metadata: { causationId: 'R0001', correlationId: 'R0001' },
          data: {
            ...one,
            rows: 2,
            views: [{ view: 'ratings', version: 2 }],
            datasets: [
              { project: 'taxis', datasetVersion: 4 },
              { project: 'rides', datasetVersion: 7 },
            ],
          },
        },
      ],
    ]);
  });

  it('that is too big for a function goes to a job, once, and its end is asked for', async () => {
    const world = createRetrievalWorld({ bytes: big });
    await request(world);
    await advanceRetrieval(world.deps, one);
    const [jobName] = world.created;
    expect(jobName).toMatch(/^millrace-local-taxis-retrieve-[0-9a-f]{20}$/);
    expect(await settleRetrievalJob(world.deps, jobName!)).toBe('running');
    world.jobOutcomes.set(jobName!, { status: 'completed' });
    expect(await settleRetrievalJob(world.deps, jobName!)).toBe('settled');
    expect(await settleRetrievalJob(world.deps, jobName!)).toBe('unknown');
    expect(await found(world)).toMatchObject({ status: 'done', place: 'processing-job' });
    expect(world.table.published).toHaveLength(2);
  });

  it('fails where the stage has no image for jobs, and says so', async () => {
    const world = createRetrievalWorld({ bytes: big, image: false });
    await request(world);
    await advanceRetrieval(world.deps, one);
    expect(await found(world)).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('processingImage'),
    });
  });

  it('fails with what the rows say', async () => {
    const world = createRetrievalWorld();
    await request(world);
    world.world.outcome = { kind: 'refused', failure: 'Entity row 3 has no time.' };
    await runRetrieval(world.deps, one);
    expect(await found(world)).toMatchObject({ status: 'failed', failure: 'Entity row 3 has no time.' });
    expect(facts(world).at(-1)).toMatchObject(['HistoricalFeaturesFailed.v1', { data: one }]);
  });

  it('grows until nothing bigger is there, then fails', async () => {
    const world = createRetrievalWorld();
    await request(world);
    world.world.outcome = outOfRoom;
    await advanceRetrieval(world.deps, one);
    await runRetrieval(world.deps, one);
    await advanceRetrieval(world.deps, one);
    await runRetrieval(world.deps, one);
    await advanceRetrieval(world.deps, one);
    expect(world.invoked).toEqual(['retrieve-small R0001', 'retrieve-large R0001']);
    expect(world.created).toHaveLength(1);
    for (let round = 0; round < 2; round++) {
      world.jobOutcomes.set(world.created.at(-1)!, { status: 'failed', reason: 'out of memory' });
      await settleRetrievalJob(world.deps, world.created.at(-1)!);
      await advanceRetrieval(world.deps, one);
    }
    expect(world.created).toHaveLength(2);
    expect(await found(world)).toMatchObject({
      status: 'failed',
      failure: '4 tries ended without an answer; the last: out of memory',
    });
  });

  it('is planned anew where rows moved meanwhile, and fails where they are gone', async () => {
    const world = createRetrievalWorld();
    await request(world);
    world.world.outcome = { kind: 'changed', failure: 's3://data/v7 was deleted meanwhile' };
    await runRetrieval(world.deps, one);
    expect(await found(world)).toMatchObject({ work: 'planned', attempts: 0 });
    world.world.sources = { objects: [{ object: objectOf('v8'), format: 'parquet' }] };
    await advanceRetrieval(world.deps, one);
    expect([...world.documents.values()].at(-1)!.views[0]!.found.objects[0]!.object).toEqual(objectOf('v8'));
    await runRetrieval(world.deps, one);
    await advanceRetrieval(world.deps, one);
    await runRetrieval(world.deps, one);
    expect(await found(world)).toMatchObject({ status: 'failed', failure: expect.stringContaining('v7') });
  });
});

describe('the hourly round', () => {
  const repair = ({ deps }: World) => repairRetrievals(deps);

  it('wakes what nothing works on, once it is old enough', async () => {
    const world = createRetrievalWorld();
    await request(world);
    await repair(world);
    expect(world.woken).toEqual([]);
    later(world, 700);
    await repair(world);
    expect(world.woken).toEqual(['R0001']);
  });

  it('tries again what did not answer', async () => {
    const world = createRetrievalWorld();
    await request(world);
    await advanceRetrieval(world.deps, one);
    later(world, 3500);
    await repair(world);
    expect(await found(world)).toMatchObject({ work: 'running', attempts: 0 });
    later(world, 200);
    await repair(world);
    expect(await found(world)).toMatchObject({ work: 'planned', attempts: 1 });
  });

  it('asks after jobs, stops those that never end, and starts those anew that are not there', async () => {
    const world = createRetrievalWorld({ bytes: big });
    await request(world);
    await advanceRetrieval(world.deps, one);
    const [jobName] = world.created;
    later(world, 27 * 3600);
    await repair(world);
    expect(world.jobOutcomes.get(jobName!)).toEqual({ status: 'failed', reason: 'stopped' });
    await repair(world);
    expect(await found(world)).toMatchObject({ work: 'planned', attempts: 1 });
    await advanceRetrieval(world.deps, one);
    world.jobOutcomes.clear();
    later(world, 700);
    await repair(world);
    expect(await found(world)).toMatchObject({ work: 'planned', attempts: 2 });
  });

  it('leaves what ended alone, and deletes old files of entity rows', async () => {
    const world = createRetrievalWorld();
    await request(world);
    await runRetrieval(world.deps, one);
    later(world, 90_000);
    await repair(world);
    expect(world.woken).toEqual([]);
    expect(world.world.dropped).toHaveLength(1);
  });
});

describe('retrievals', () => {
  const reading = ({ deps }: World) => ({
    ...deps,
    downloadAddress: async ({ uri }: { readonly uri: string }) => `https://signed/${uri}`,
  });

  it('are listed newest first, and read with an address when they are done', async () => {
    const world = createRetrievalWorld();
    await request(world);
    await request(world);
    await runRetrieval(world.deps, one);
    const { items } = await listRetrievals(reading(world), { project: 'taxis' });
    expect(items.map(({ retrievalId, status }) => [retrievalId, status])).toEqual([
      ['R0002', 'running'],
      ['R0001', 'done'],
    ]);
    const read = await readRetrieval(reading(world), one);
    expect(read).toMatchObject({
      trainingSet: retrieved.kind === 'retrieved' ? retrieved.trainingSet : {},
      downloadUrl: 'https://signed/s3://data/training-set.parquet',
    });
    expect(Object.keys(read)).not.toContain('request');
    expect(await readRetrieval(reading(world), { ...one, retrievalId: 'R0002' })).not.toHaveProperty(
      'downloadUrl',
    );
  });

  it('that are not there are not found', async () => {
    const world = createRetrievalWorld();
    await expect(readRetrieval(reading(world), one)).rejects.toMatchObject({ code: 'RetrievalNotFound' });
  });
});
