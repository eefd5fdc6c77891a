import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../contract.ts';
import { findingsOf, verdictOf } from './verdict.ts';

const check = (changed: Partial<CheckResult>): CheckResult => ({
  check: 'range',
  severity: 'warn',
  passed: false,
  observed: '',
  expected: '',
  failingRows: 0,
  ...changed,
});
const anyCheck: fc.Arbitrary<CheckResult> = fc.record({
  check: fc.constantFrom('range', 'type', 'min_rows', 'quarantined_share', 'column_present'),
  severity: fc.constantFrom('warn', 'error'),
  passed: fc.boolean(),
  outcome: fc.constantFrom('passed', 'failed', 'insufficient'),
  observed: fc.string({ maxLength: 1000 }),
  expected: fc.string(),
  failingRows: fc.nat(),
});
const badness = ['Pass', 'Warn', 'InsufficientData', 'Fail'];

describe('the verdict', () => {
  it.each([
    ['Pass', []],
    ['Pass', [check({ passed: true, severity: 'error' })]],
    ['Warn', [check({})]],
    ['InsufficientData', [check({}), check({ check: 'min_rows' })]],
    ['Warn', [check({ severity: 'error', failingRows: 3 })]],
    ['Warn', [check({ severity: 'error', passed: true, failingRows: 3, mostly: 0.9 })]],
    ['Pass', [check({ severity: 'warn', passed: true, failingRows: 3, mostly: 0.9 })]],
    ['Warn', [check({ check: 'row_count', severity: 'warn' })]],
    ['InsufficientData', [check({ check: 'distribution', severity: 'error', outcome: 'insufficient' })]],
    ['Fail', [check({ check: 'min_rows' }), check({ check: 'row_count', severity: 'error' })]],
    ['Fail', [check({ severity: 'error', failingRows: 3, mostly: 0.9 })]],
  ] as const)('is %s', (verdict, checks) => {
    expect(verdictOf(checks)).toBe(verdict);
  });

  it('never gets better by one more check, and does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(anyCheck), anyCheck, (checks, more) => {
        const rank = (results: CheckResult[]) => badness.indexOf(verdictOf(results));
        expect(rank([...checks, more])).toBeGreaterThanOrEqual(rank(checks));
        expect(rank([...checks].reverse())).toBe(rank(checks));
      }),
    );
  });
});

describe('the findings', () => {
  it('are the failed checks, at most 20, errors first, of texts that fit into an event', () => {
    fc.assert(
      fc.property(fc.array(anyCheck, { maxLength: 60 }), (checks) => {
        const findings = findingsOf(checks);
        expect(findings.length).toBe(Math.min(20, checks.filter(({ passed }) => !passed).length));
        const firstWarning = findings.findIndex(({ severity }) => severity === 'warn');
        if (firstWarning >= 0)
          expect(findings.slice(firstWarning).every(({ severity }) => severity === 'warn')).toBe(true);
        for (const { observed } of findings) expect(observed.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
