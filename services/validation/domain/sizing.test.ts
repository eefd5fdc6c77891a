import { describe, expect, it } from 'vitest';
import type { ManifestObject } from '#services/datasets/contract.ts';
import type { FileReading } from '#shared/data-files/reading.ts';
import { chooseEngine, jobResources } from '#shared/kernel/work-size.ts';
import { checkFunctions, estimateNeeds } from './sizing.ts';

const csv: FileReading = { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' };
const megabyte = 1_000_000;
const object = (megabytes: number, rows: number, reading: FileReading = csv): ManifestObject => ({
  uri: 's3://data/o',
  sha256: 'a'.repeat(64),
  bytes: megabytes * megabyte,
  rows,
  availableAt: '2026-01-01T00:00:00.000Z',
  reading,
  path: 'o',
});
const settings = { functionMaxBytes: 2000 * megabyte };

describe('what a check of a version needs', () => {
  it.each<[string, ManifestObject[], number, string]>([
    ['nothing', [], 0, 'check-rows-small'],
    ['a small file', [object(1, 10_000)], 20, 'check-rows-small'],
    ['a million rows of 20 columns', [object(130, 1_000_000)], 20, 'check-rows-small'],
    ['ten of those', Array.from({ length: 10 }, () => object(130, 1_000_000)), 20, 'check-rows-large'],
    ['text of 2.5 GB', [object(2500, 20_000_000)], 20, 'processing-job'],
    [
      'the same, compressed',
      [object(320, 20_000_000, { ...csv, compression: 'gzip' })],
      20,
      'processing-job',
    ],
    ['the same as Parquet', [object(520, 20_000_000, { format: 'parquet' })], 20, 'processing-job'],
    [
      'few bytes that become many values',
      [object(5, 100_000_000, { format: 'parquet' })],
      10,
      'processing-job',
    ],
    ['rows that are wide: a group of them is held whole', [object(300, 110_000)], 200, 'processing-job'],
    ['few rows of many columns', [object(5, 2000)], 500, 'check-rows-small'],
    ['few rows of very many columns', [object(9, 2000)], 1000, 'check-rows-large'],
    ['as many columns as there may be', [object(18, 2000)], 2000, 'processing-job'],
  ])('is of the right size for %s', (_what, objects, columns, engine) => {
    expect(chooseEngine(checkFunctions, estimateNeeds(objects, columns), settings)).toBe(engine);
  });

  it('counts the versions that rows are looked up in', () => {
    const alone = estimateNeeds([object(10, 1000)], 5);
    const looking = estimateNeeds([object(10, 1000)], 5, [object(400, 1)]);
    expect(looking.textBytes).toBeGreaterThan(alone.textBytes + 400 * megabyte);
  });

  it('grows with every attempt that did not answer, and by a stage’s setting', () => {
    const needs = estimateNeeds([object(1, 10_000)], 5);
    expect([0, 1, 2, 3].map((attempts) => chooseEngine(checkFunctions, needs, settings, attempts))).toEqual([
      'check-rows-small',
      'check-rows-large',
      'processing-job',
      'processing-job',
    ]);
    expect(chooseEngine(checkFunctions, needs, { functionMaxBytes: 0 })).toBe('processing-job');
  });

  it('gives jobs a bigger instance with every attempt, a volume for what is spilled, and an end', () => {
    const needs = estimateNeeds([object(50_000, 500_000_000)], 20);
    const [first, second] = [jobResources(needs, 0), jobResources(needs, 2)];
    expect(first.instanceType).toBe('ml.m5.xlarge');
    expect(second.memoryMb).toBeGreaterThan(first.memoryMb);
    expect(first.volumeSizeGb).toBeGreaterThan(125);
    expect(first.maxRuntimeSeconds).toBeLessThanOrEqual(86_400);
  });
});
