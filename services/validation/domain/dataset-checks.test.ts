import { describe, expect, it } from 'vitest';
import type { ContractRule } from '#services/projects/contract.ts';
import { type DatasetFacts, datasetChecks } from './dataset-checks.ts';

const facts = (changed: Partial<DatasetFacts>): DatasetFacts => ({
  rows: 100,
  columns: {},
  uploadedAt: '2026-11-01T12:00:00Z',
  ...changed,
});
const column = (values: number, newest?: string) => ({ columns: { c: { values, newest } } });
const run = (rule: object, changed: Partial<DatasetFacts>) =>
  datasetChecks([{ severity: 'error', ...rule } as ContractRule], facts(changed))[0]!;

describe('the number of rows', () => {
  it.each([
    ['is within both bounds', { min: 50, max: 150 }, 100, 'passed'],
    ['is the least', { min: 100 }, 100, 'passed'],
    ['is the greatest', { max: 100 }, 100, 'passed'],
    ['is one too few', { min: 100 }, 99, 'failed'],
    ['is one too many', { max: 100 }, 101, 'failed'],
    ['is nothing where something must be', { min: 1 }, 0, 'failed'],
    ['is nothing and may be', { min: 0 }, 0, 'passed'],
    ['has no bounds', {}, 0, 'passed'],
  ])('%s', (_what, bounds, rows, outcome) => {
    expect(run({ check: 'row_count', ...bounds }, { rows }).outcome).toBe(outcome);
  });
});

describe('the change of the number of rows', () => {
  it.each([
    ['is within both shares', 100, 95, { maxDecreaseShare: 0.1, maxIncreaseShare: 0.1 }, 'passed'],
    ['is the greatest decrease', 100, 90, { maxDecreaseShare: 0.1 }, 'passed'],
    ['is the greatest increase', 100, 110, { maxIncreaseShare: 0.1 }, 'passed'],
    ['is one row too few', 100, 89, { maxDecreaseShare: 0.1 }, 'failed'],
    ['is one row too many', 100, 111, { maxIncreaseShare: 0.1 }, 'failed'],
    ['is an increase where only decreases are bounded', 100, 900, { maxDecreaseShare: 0.1 }, 'passed'],
    ['is a decrease where only increases are bounded', 100, 0, { maxIncreaseShare: 0.1 }, 'passed'],
    ['is to nothing, which may be', 100, 0, { maxDecreaseShare: 1 }, 'passed'],
    ['is to nothing, which may not be', 100, 0, { maxDecreaseShare: 0.99 }, 'failed'],
    ['is none where no change is allowed', 100, 100, { maxDecreaseShare: 0, maxIncreaseShare: 0 }, 'passed'],
    ['has no version before', undefined, 100, { maxDecreaseShare: 0 }, 'skipped'],
    ['is from nothing', 0, 100, { maxIncreaseShare: 0 }, 'skipped'],
  ])('%s', (_what, previousRows, rows, shares, outcome) => {
    const result = run({ check: 'row_count_change', ...shares }, { rows, previousRows });
    expect(result).toMatchObject({ outcome, passed: outcome !== 'failed' });
  });

  it('is said in rows and shares', () => {
    expect(
      run({ check: 'row_count_change', maxDecreaseShare: 0.1 }, { rows: 75, previousRows: 100 }),
    ).toMatchObject({
      observed: '75 rows after 100 (−25 %)',
      expected: 'at most 10 % fewer rows than the version before',
    });
  });
});

describe('the share of missing values', () => {
  it.each([
    ['is nothing', 100, 100, 0, 'passed'],
    ['is the greatest', 100, 90, 0.1, 'passed'],
    ['is one row too many', 100, 89, 0.1, 'failed'],
    ['is one row where none may be missing', 100, 99, 0, 'failed'],
    ['is everything, which may be', 100, 0, 1, 'passed'],
    ['is of no rows', 0, 0, 0, 'skipped'],
  ])('%s', (_what, rows, values, max, outcome) => {
    expect(run({ check: 'null_share', column: 'c', max }, { rows, ...column(values) }).outcome).toBe(outcome);
  });

  it('is everything where the column is absent', () => {
    expect(run({ check: 'null_share', column: 'absent', max: 0.5 }, {})).toMatchObject({
      outcome: 'failed',
      observed: '100 of 100 rows (100 %)',
    });
  });
});

describe('the age of the newest value', () => {
  it.each([
    ['is less than allowed', '2026-11-01T00:00:00Z', 24, 'passed'],
    ['is just what is allowed', '2026-10-31T12:00:00Z', 24, 'passed'],
    ['is a second more than allowed', '2026-10-31T11:59:59Z', 24, 'failed'],
    ['is in the future', '2026-11-02T00:00:00Z', 24, 'passed'],
    ['is unknown, because no row has a time', undefined, 24, 'failed'],
  ])('%s', (_what, newest, maxAgeHours, outcome) => {
    const result = run({ check: 'freshness', column: 'c', maxAgeHours }, column(100, newest));
    expect(result.outcome).toBe(outcome);
  });

  it('is not asked for where there are no rows', () => {
    expect(run({ check: 'freshness', column: 'c', maxAgeHours: 1 }, { rows: 0 }).outcome).toBe('skipped');
  });
});

describe('checks of a dataset', () => {
  it('carry the rule’s name, column, severity, owner and note, and leave other rules to others', () => {
    const about = { name: 'enough', owner: 'ada', note: 'why', severity: 'warn' };
    const results = datasetChecks(
      [
        { check: 'not_null', column: 'c', severity: 'error' },
        { check: 'null_share', column: 'c', max: 0, ...about } as ContractRule,
      ],
      facts(column(99)),
    );
    expect(results).toEqual([
      {
        check: 'null_share',
        column: 'c',
        outcome: 'failed',
        passed: false,
        observed: '1 of 100 rows (1 %)',
        expected: 'at most 0 % of the rows without a value',
        failingRows: 0,
        ...about,
      },
    ]);
  });
});
