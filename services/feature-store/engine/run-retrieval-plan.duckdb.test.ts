import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureFile } from '#shared/aws/objects.ts';
import { quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { FeatureViewVersion, PinnedView } from '../contract.ts';
import type { PlannedEntities, RetrievalPlan } from '../domain/retrieval-plan.ts';
import { runRetrievalPlan } from './run-retrieval-plan.ts';

let root: string;
const sourceUri = 's3://data-bucket/validated.parquet';
const fileUri = 's3://data-bucket/entities';
let runs = 0;
let fileContent: string | undefined;

const pathOf = (uri: string): string =>
  join(root, uri === fileUri ? 'entities' : uri === sourceUri ? 'validated.parquet' : 'rows.parquet');

/** Drivers' ratings: two of driver 1, one of driver 2, known when they were uploaded unless the source has a delay. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'millrace-retrieval-'));
  await withDuckDb({ folder: root, functionMemoryMb: 512 }, async (database) => {
    await database.run(
      `COPY (SELECT * FROM (VALUES
        ('1', TIMESTAMPTZ '2026-01-01 00:00:00Z', 4.5, TIMESTAMPTZ '2026-03-01 00:00:00Z'),
        ('1', TIMESTAMPTZ '2026-02-01 00:00:00Z', 3.5, TIMESTAMPTZ '2026-03-01 00:00:00Z'),
        ('2', TIMESTAMPTZ '2026-01-15 00:00:00Z', NULL, TIMESTAMPTZ '2026-03-01 00:00:00Z')
      ) rows(driver, "at", rating, _available_at)) TO ${quoteText(pathOf(sourceUri))} (FORMAT parquet)`,
    );
    await database.run(
      `COPY (SELECT * FROM (VALUES
        ('1', TIMESTAMPTZ '2026-01-20 00:00:00Z', 10, TIMESTAMPTZ '2026-03-01 00:00:00Z'),
        ('2', TIMESTAMPTZ '2026-01-20 00:00:00Z', 20, TIMESTAMPTZ '2026-03-01 00:00:00Z'),
        ('2', TIMESTAMPTZ '2026-01-21 00:00:00Z', 30, TIMESTAMPTZ '2026-03-05 00:00:00Z')
      ) rows(driver, asked_at, fare, _available_at)) TO ${quoteText(pathOf('s3://data-bucket/rows.parquet'))} (FORMAT parquet)`,
    );
  });
});
afterAll(() => rmSync(root, { recursive: true }));

const pinned: PinnedView = {
  view: 'ratings',
  version: 2,
  joinKeys: [{ name: 'driver', type: 'string' }],
  ttlSeconds: 30 * 86_400,
  store: 'dynamodb',
  features: [{ name: 'rating', type: 'number', sensitive: false, as: 'rating' }],
  aggregations: [],
};

function planOf(
  entityRows: PlannedEntities,
  {
    delayed = true,
    asOf = '2026-03-02T00:00:00.000Z',
    format = 'parquet',
  }: { delayed?: boolean; asOf?: string; format?: RetrievalPlan['format'] } = {},
): RetrievalPlan {
  const object = { uri: sourceUri, sha256: 'a'.repeat(64), bytes: 100 };
  const definition: FeatureViewVersion = {
    project: 'taxis',
    view: 'ratings',
    version: 2,
    definitionSha256: 'b'.repeat(64),
    entities: ['driver'],
    joinKeys: pinned.joinKeys,
    source: {
      type: 'dataset',
      name: 'rides',
      dataset: 'taxis',
      eventTimestamp: 'at',
      ...(delayed ? { availabilityDelaySeconds: 0 } : {}),
    },
    features: [{ name: 'rating', type: 'number', column: 'rating', sensitive: false }],
    aggregations: [],
    ttlSeconds: pinned.ttlSeconds!,
    store: 'dynamodb',
    createdAt: '2026-03-01T00:00:00.000Z',
    projectRevision: 1,
  };
  const found = {
    objects: [{ object, format: 'parquet' as const }],
    dataset: 'taxis',
    datasetVersion: 3,
    sourceSha256: 'c'.repeat(64),
  };
  return {
    schemaVersion: 1,
    project: 'taxis',
    retrievalId: `R${runs}`,
    asOf,
    entityRows,
    views: [{ pinned, definition, found }],
    outputs: [{ name: 'rating', type: 'number' }],
    format,
  };
}

async function run(plan: RetrievalPlan) {
  const folder = join(root, `run-${runs++}`);
  mkdirSync(folder);
  if (fileContent !== undefined) writeFileSync(pathOf(fileUri), fileContent);
  const kept: string[] = [];
  const outcome = await runRetrievalPlan(plan, {
    pathOf,
    folder,
    memoryMb: 1000,
    keep: async (path) => {
      kept.push(path);
      const { sha256, bytes } = await measureFile(path);
      return { uri: 's3://data-bucket/training-set.parquet', sha256, bytes };
    },
  });
  const rows = await withDuckDb({ folder, functionMemoryMb: 512 }, (database) =>
    kept[0] === undefined || plan.format === 'csv'
      ? Promise.resolve([])
      : database.rows<Record<string, unknown>>(`SELECT * FROM read_parquet(${quoteText(kept[0])})`),
  );
  return { outcome, rows, bytes: kept[0] === undefined ? undefined : readFileSync(kept[0]) };
}

const inline = (...rows: Record<string, string | number | boolean | null>[]): PlannedEntities => ({
  type: 'rows',
  rows,
  eventTimestamp: 'event_timestamp',
});
const asked = inline(
  { driver: '1', event_timestamp: '2026-02-10T00:00:00Z', trips: 7 },
  { driver: '2', event_timestamp: '2026-01-20T00:00:00Z', trips: 8 },
  { driver: '2', event_timestamp: '2026-03-01T00:00:00Z', trips: null },
  { driver: '9', event_timestamp: '2026-03-01T00:00:00Z', trips: 10 },
);
const file = (content: string): PlannedEntities => {
  fileContent = content;
  return { type: 'file', uri: fileUri, bytes: content.length, eventTimestamp: 'event_timestamp' };
};
const retrieved = async (plan: RetrievalPlan) => {
  const { outcome, ...rest } = await run(plan);
  if (outcome.kind !== 'retrieved') throw new Error(outcome.failure);
  return { ...rest, trainingSet: outcome.trainingSet };
};
const refusal = async (plan: RetrievalPlan) => {
  const { outcome } = await run(plan);
  return outcome.kind === 'refused' ? outcome.failure : outcome.kind;
};

describe('a retrieval', () => {
  it('answers each entity row in its order, with counts and what it was made of', async () => {
    const { rows, trainingSet } = await retrieved(planOf(asked));
    expect(rows.map(({ driver, trips, rating }) => [driver, trips, rating])).toEqual([
      ['1', 7n, 3.5],
      ['2', 8n, null],
      ['2', null, null],
      ['9', 10n, null],
    ]);
    expect(trainingSet).toMatchObject({
      rows: 4,
      columns: [
        { name: 'driver', type: 'string' },
        { name: 'event_timestamp', type: 'timestamp' },
        { name: 'trips', type: 'integer' },
        { name: 'rating', type: 'number' },
      ],
      counts: [{ feature: 'rating', present: 2, nulls: 1, expired: 1, notFound: 1 }],
      notes: [],
      inputs: {
        entityRows: { type: 'rows' },
        views: [{ view: 'ratings', version: 2, dataset: 'taxis', datasetVersion: 3 }],
      },
    });
    expect(trainingSet.contentSha256).toBe(trainingSet.data.sha256);
  });

  it('gives the same bytes for the same request, and the same name', async () => {
    const [first, second] = [await retrieved(planOf(asked)), await retrieved(planOf(asked))];
    expect(second.bytes!.equals(first.bytes!)).toBe(true);
    expect(second.trainingSet.trainingSetId).toBe(first.trainingSet.trainingSetId);
    const other = await retrieved(planOf(asked, { asOf: '2026-03-01T12:00:00.000Z' }));
    expect(other.trainingSet.trainingSetId).not.toBe(first.trainingSet.trainingSetId);
  });

  it('is written as CSV where that is asked for, a missing value apart from an empty text', async () => {
    const entities = inline(
      { driver: '1', event_timestamp: '2026-02-10T00:00:00.000001Z', 'a, b': 'say "hi"', vip: true },
      { driver: '9', event_timestamp: '2026-02-10T02:00:00+02:00', 'a, b': '', vip: null },
      { driver: '9', event_timestamp: '2026-02-11', 'a, b': null, vip: false },
    );
    const [{ bytes, trainingSet }, again] = [
      await retrieved(planOf(entities, { format: 'csv' })),
      await retrieved(planOf(entities, { format: 'csv' })),
    ];
    expect(bytes!.toString('utf8').split('\n')).toEqual([
      'driver,event_timestamp,"a, b",vip,rating',
      '1,2026-02-10T00:00:00.000001Z,"say ""hi""",true,3.5',
      '9,2026-02-10T00:00:00.000000Z,"",,',
      '9,2026-02-11T00:00:00.000000Z,,false,',
      '',
    ]);
    expect(trainingSet.columns.map(({ type }) => type)).toEqual([
      'string',
      'timestamp',
      'string',
      'boolean',
      'number',
    ]);
    expect(trainingSet.contentSha256).toBe(trainingSet.data.sha256);
    expect(again.trainingSet.contentSha256).toBe(trainingSet.contentSha256);
  });

  it('says where history was uploaded later than it was known, with the cure', async () => {
    const { trainingSet } = await retrieved(planOf(asked, { delayed: false }));
    expect(trainingSet.counts).toMatchObject([{ notFound: 3, expired: 1 }]);
    expect(trainingSet.notes).toEqual([
      expect.stringMatching(
        /^2 of 4 entity rows lie before the first row of view 'ratings' was known \(2026-03-01.*availabilityDelay of the source 'rides'/,
      ),
    ]);
  });

  it('says that nothing was known', async () => {
    const { trainingSet } = await retrieved(planOf(asked, { asOf: '2026-02-01T00:00:00.000Z' }));
    expect(trainingSet.notes).toEqual([
      "View 'ratings' has no row that was known at 2026-02-01T00:00:00.000Z.",
    ]);
  });

  it('reads files of any format, and types their columns by all of their values', async () => {
    const csv = 'driver;event_timestamp;trips;code\n1;2026-02-10;7;007\n2;2026-01-20 10:00;;12\n';
    const { rows, trainingSet } = await retrieved(planOf(file(csv)));
    expect(rows.map(({ driver, trips, code, rating }) => [driver, trips, code, rating])).toEqual([
      ['1', 7n, '007', 3.5],
      ['2', null, '12', null],
    ]);
    expect(trainingSet.columns.map(({ type }) => type)).toEqual([
      'string',
      'timestamp',
      'integer',
      'string',
      'number',
    ]);
    const jsonl = '{"driver": "1", "event_timestamp": "2026-02-10T00:00:00Z", "vip": true}\n';
    expect((await retrieved(planOf(file(jsonl)))).rows).toMatchObject([{ vip: true, rating: 3.5 }]);
  });

  it('takes rows of a dataset that were known, on a condition', async () => {
    const dataset: PlannedEntities = {
      type: 'dataset',
      dataset: 'taxis',
      datasetVersion: 1,
      validated: { uri: 's3://data-bucket/rows.parquet', sha256: 'd'.repeat(64), bytes: 1 },
      eventTimestamp: 'asked_at',
      types: { driver: 'string', asked_at: 'timestamp', fare: 'integer' },
      where: "fare > 10 and driver = '2'",
      columns: ['driver', 'asked_at'],
    };
    const { rows } = await retrieved(planOf(dataset));
    expect(rows).toEqual([{ driver: '2', asked_at: new Date('2026-01-20T00:00:00Z'), rating: null }]);
  });

  it.each<[string, () => PlannedEntities, RegExp]>([
    [
      'a time that is none',
      () => inline({ driver: '1', event_timestamp: 'yesterday' }),
      /Entity row 1 has 'event_timestamp' = 'yesterday'; a time such as/,
    ],
    [
      'a column of two types',
      () =>
        inline(
          { driver: '1', event_timestamp: '2026-01-01', x: 1 },
          { driver: '1', event_timestamp: '2026-01-01', x: 'a' },
        ),
      /'x' is a number in entity row 1 and a string in entity row 2/,
    ],
    [
      'no join key',
      () => file('event_timestamp,x\n2026-01-01,1\n'),
      /have no column 'driver'.*join keys of the views/,
    ],
    ['no rows', () => file('driver,event_timestamp\n'), /There are no entity rows\. Send at least one/],
    [
      'a row with more values than columns',
      () => file('driver,event_timestamp\n1,2026-01-01\n1,2026-01-02,7\n'),
      /[Rr]ow 2/,
    ],
    [
      'the name of a feature',
      () => inline({ driver: '1', event_timestamp: '2026-01-01', rating: 1 }),
      /have a column 'rating', and a column of the answer has that name too/,
    ],
  ])('refuses entity rows with %s', async (_what, entities, message) => {
    expect(await refusal(planOf(entities()))).toMatch(message);
  });
});
