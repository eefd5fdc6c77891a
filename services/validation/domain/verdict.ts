import type { ValidationReport } from '../contract.ts';
import type { CheckResult } from './checks.ts';

export type Verdict = ValidationReport['verdict'];

/**
 * The one answer to all checks: Fail where anything is broken beyond what the project allows, InsufficientData where too few
 * rows are left, Warn where rows were quarantined or a column is absent that may be, else Pass.
 */
export function verdictOf(checks: readonly CheckResult[]): Verdict {
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.some(({ severity }) => severity === 'error')) return 'Fail';
  if (failed.some(({ check }) => check === 'min_rows')) return 'InsufficientData';
  return failed.length > 0 ? 'Warn' : 'Pass';
}

const maxFindings = 20;
const maxTextLength = 300;

/** The failed checks as the event carries them: errors first, then by the rows they fail. */
export function findingsOf(checks: readonly CheckResult[]) {
  const rank = ({ severity }: CheckResult) => (severity === 'error' ? 0 : 1);
  return checks
    .filter(({ passed }) => !passed)
    .sort((a, b) => rank(a) - rank(b) || b.failingRows - a.failingRows)
    .slice(0, maxFindings)
    .map(({ check, column, severity, observed, expected }) => ({
      check,
      ...(column === undefined ? {} : { column }),
      severity,
      observed: observed.slice(0, maxTextLength),
      expected: expected.slice(0, maxTextLength),
    }));
}
