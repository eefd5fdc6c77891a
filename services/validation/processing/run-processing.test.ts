import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { contractOf } from '#test/doubles/checked-version.ts';
import type { CheckPlan, StoredOutcome } from '../domain/check-plan.ts';
import { runProcessing } from './run-processing.ts';

let root: string;
const key = 'datasets/wine/objects/a.csv';
const rows = 'id,x\nr1,1\nr2,-2\nr3,3\n';
const environment = {
  JOB_NAME: 'job-1',
  MEMORY_MB: 1024,
  RESULTS_URI: 's3://data-bucket/validation/wine/00000001/',
};
const input = (path: string, content: string): void => {
  const file = join(root, 'processing', 'input', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};
const plan = (columns: Record<string, unknown>): CheckPlan => ({
  schemaVersion: 1,
  check: {
    project: 'wine',
    datasetVersion: 1,
    contract: contractOf({ columns }),
    columns: ['id', 'x'],
    objects: [
      {
        uri: `s3://data-bucket/${key}`,
        sha256: sha256Hex(rows),
        bytes: rows.length,
        rows: 3,
        availableAt: '2026-01-01T00:00:00.000Z',
        reading: { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' },
        path: 'a.csv',
      },
    ],
    lookups: {},
    comparisons: {},
    released: [],
  },
  projectRevision: 1,
  contractSha256: 'c'.repeat(64),
  releases: [],
  releasedBefore: {},
  needs: { storedBytes: 1, textBytes: 1, memoryMb: 1, diskMb: 1, seconds: 1 },
});
const outcome = (): StoredOutcome =>
  JSON.parse(
    readFileSync(join(root, 'processing', 'output', 'outcome', 'outcome.json'), 'utf8'),
  ) as StoredOutcome;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-opt-ml-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the processing program', () => {
  it('checks rows and leaves each result where SageMaker takes it to its address', async () => {
    input('plan/p.json', JSON.stringify(plan({ x: { type: 'number', min: 0 } })));
    input(`objects/data-bucket/${key}`, rows);
    await runProcessing(root, environment);
    const { result, engine } = outcome();
    expect(engine).toMatchObject({ kind: 'processing_job', name: 'job-1' });
    expect(result).toMatchObject({
      kind: 'checked',
      outcome: { rows: 3, quarantinedRows: 1, verdict: 'Warn' },
    });
    if (result.kind !== 'checked') throw new Error('The rows were not checked.');
    const kept = [result.profile, result.validated!, result.quarantine!];
    const left = readdirSync(join(root, 'processing', 'output', 'results')).sort();
    expect(kept.map(({ uri }) => uri).sort()).toEqual(
      left.map((name) => `${environment.RESULTS_URI}${name}`),
    );
    for (const { uri, sha256 } of kept)
      expect(
        sha256Hex(readFileSync(join(root, 'processing', 'output', 'results', uri.split('/').at(-1)!))),
      ).toBe(sha256);
  });

  it.each([
    ['has other bytes', `${rows}r4,4\n`, /has SHA-256/],
    ['is missing', undefined, /is missing/],
  ])('calls a version unreadable whose object %s', async (_what, content, observed) => {
    input('plan/p.json', JSON.stringify(plan({ x: { type: 'number' } })));
    if (content !== undefined) input(`objects/data-bucket/${key}`, content);
    await runProcessing(root, environment);
    expect(outcome().result).toEqual({
      kind: 'unreadable',
      observed: expect.stringMatching(observed),
      expected: 'objects as they were stored',
    });
  });

  it.each([
    ['without a plan', undefined, 'PlanMissing'],
    ['with a plan that is not JSON', '{', 'InvalidPlan'],
    ['with a plan that is none', '{}', 'InvalidPlan'],
  ])('refuses to run %s', async (_what, content, code) => {
    if (content !== undefined) input('plan/p.json', content);
    await expect(runProcessing(root, environment)).rejects.toMatchObject({ code });
  });
});
