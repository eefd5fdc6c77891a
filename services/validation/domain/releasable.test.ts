import { describe, expect, it } from 'vitest';
import type { CheckResult, ValidationReport } from '../contract.ts';
import { releaseObstacle } from './releasable.ts';

const failing = (check: CheckResult['check'], of: Partial<CheckResult>): CheckResult => ({
  check,
  severity: 'error',
  passed: false,
  observed: '',
  expected: '',
  failingRows: 3,
  ...of,
});
const report = (...checks: CheckResult[]) => ({ checks }) as unknown as ValidationReport;
const obstacle = (checks: CheckResult[], names: string[]) => releaseObstacle(report(...checks), names, 'id');

describe('a release', () => {
  it.each<[string, CheckResult[], string[]]>([
    ['a check', [failing('range', { column: 'age' })], ['range']],
    ['a check of a column', [failing('range', { column: 'age' })], ['range:age']],
    ['a check of several columns', [failing('unique', { columns: ['site', 'day'] })], ['unique:site+day']],
    ['a rule by its name', [failing('expression', { name: 'adult' })], ['expression:adult']],
    ['a rule by its name alone', [failing('expression', { name: 'adult' })], ['adult']],
    ['all', [failing('range', { column: 'age' }), failing('type', { column: 'x' })], []],
    ['repeated values of another column', [failing('unique', { column: 'mail' })], ['unique']],
    ['missing values of another column', [failing('not_null', { column: 'mail' })], ['not_null:mail']],
  ])('may name %s', (_what, checks, names) => {
    expect(obstacle(checks, names)).toBeUndefined();
  });

  it.each<[string, CheckResult[], string[], RegExp]>([
    ['values of another type', [failing('type', { column: 'x' })], ['type'], /not of its column's type/],
    ['repeated primary keys', [failing('unique', { column: 'id' })], [], /primary key 'id'/],
    ['missing primary keys', [failing('not_null', { column: 'id' })], [], /primary key 'id'/],
    ['a check that no row fails', [failing('range', { column: 'age' })], ['range:x'], /'range:x'.*range:age/],
    ['a check that only warns', [failing('range', { column: 'age', severity: 'warn' })], ['range'], /No row/],
    ['the share of rows in quarantine', [failing('quarantined_share', {})], ['quarantined_share'], /No row/],
  ])('may not name %s', (_what, checks, names, why) => {
    expect(obstacle(checks, names)).toMatch(why);
  });
});
