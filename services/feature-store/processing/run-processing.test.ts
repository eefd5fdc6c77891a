import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { ratings } from '#test/doubles/retrievals.ts';
import { type RetrievalOutcome, type RetrievalPlan, retrievalPlan } from '../domain/retrieval-plan.ts';
import { runProcessing } from './run-processing.ts';

let root: string;
const key = 'feature-store/taxis/records/ratings/a.jsonl';
const records = `${JSON.stringify({
  _record_id: 'r1',
  _available_at: '2026-01-01T00:00:01.000Z',
  at: '2026-01-01T00:00:00.000Z',
  driver: '1',
  rating: 4.5,
})}\n`;
const environment = {
  JOB_NAME: 'job-1',
  MEMORY_MB: 1024,
  RESULTS_URI: 's3://data-bucket/feature-store/taxis/retrievals/R1/',
};
const plan: RetrievalPlan = {
  schemaVersion: 1,
  project: 'taxis',
  retrievalId: 'R1',
  asOf: '2026-02-01T00:00:00.000Z',
  entityRows: {
    type: 'rows',
    rows: [{ driver: '1', event_timestamp: '2026-01-02T00:00:00Z' }],
    eventTimestamp: 'event_timestamp',
  },
  views: [
    {
      pinned: {
        view: 'ratings',
        version: 2,
        joinKeys: ratings.joinKeys,
        store: 'dynamodb',
        features: [{ name: 'rating', type: 'number', sensitive: false, as: 'rating' }],
        aggregations: [],
      },
      definition: retrievalPlan.shape.views.element.shape.definition.parse({
        ...ratings,
        source: { type: 'stream', name: 'rides', columns: { rating: 'number' }, eventTimestamp: 'at' },
      }),
      found: {
        objects: [
          {
            object: { uri: `s3://data-bucket/${key}`, sha256: sha256Hex(records), bytes: records.length },
            format: 'jsonl',
          },
        ],
        sourceSha256: 'a'.repeat(64),
      },
    },
  ],
  outputs: [{ name: 'rating', type: 'number' }],
  format: 'parquet',
};
const input = (path: string, content: string): void => {
  const file = join(root, 'processing', 'input', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};
const outcome = () =>
  JSON.parse(
    readFileSync(join(root, 'processing', 'output', 'outcome', 'outcome.json'), 'utf8'),
  ) as RetrievalOutcome;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-opt-ml-'));
  input('plan/p.json', JSON.stringify(plan));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the processing program of the feature store', () => {
  it('makes a training set of what SageMaker brought, and leaves it under its hash', async () => {
    input(`objects/data-bucket/${key}`, records);
    await runProcessing(root, environment);
    const made = outcome();
    if (made.kind !== 'retrieved') throw new Error(made.failure);
    const { data, counts, contentSha256 } = made.trainingSet;
    expect(counts).toEqual([{ feature: 'rating', present: 1, nulls: 0, expired: 0, notFound: 0 }]);
    expect(data.uri).toBe(`${environment.RESULTS_URI}${contentSha256}.parquet`);
    const left = join(root, 'processing', 'output', 'results', `${contentSha256}.parquet`);
    expect(sha256Hex(readFileSync(left))).toBe(contentSha256);
  });

  it.each([
    ['is missing', undefined, /is missing/],
    ['has other bytes', `${records}\n`, /has SHA-256/],
  ])('says of an object that it %s', async (_what, content, failure) => {
    if (content !== undefined) input(`objects/data-bucket/${key}`, content);
    await runProcessing(root, environment);
    expect(outcome()).toEqual({ kind: 'changed', failure: expect.stringMatching(failure) });
  });
});
