import type { CheckResult, ValidationReport } from '../contract.ts';
import { rowChecks } from './row-checks.ts';

export type Verdict = ValidationReport['verdict'];

/**
 * The one answer to all checks: Fail where anything is broken beyond what the contract allows, InsufficientData where too few
 * rows are left or too few values to say, Warn where rows were quarantined or anything is broken that may be, else Pass.
 */
export function verdictOf(checks: readonly CheckResult[]): Verdict {
  if (checks.some(fails)) return 'Fail';
  if (checks.some(isInsufficient)) return 'InsufficientData';
  return checks.some((check) => !check.passed || quarantines(check)) ? 'Warn' : 'Pass';
}

function fails(check: CheckResult): boolean {
  if (check.passed || check.severity === 'warn' || isInsufficient(check)) return false;
  return !rowChecks.has(check.check) || check.mostly !== undefined;
}

const isInsufficient = ({ check, passed, outcome }: CheckResult): boolean =>
  outcome === 'insufficient' || (check === 'min_rows' && !passed);

/** Rows that break an error rule are quarantined even where enough others keep it. */
const quarantines = ({ check, severity, failingRows }: CheckResult): boolean =>
  rowChecks.has(check) && severity === 'error' && failingRows > 0;

const maxFindings = 20;
const maxTextLength = 300;

/** The failed checks as the event carries them: errors first, then by the rows they fail. */
export function findingsOf(checks: readonly CheckResult[]) {
  const rank = ({ severity }: CheckResult) => (severity === 'error' ? 0 : 1);
  return checks
    .filter(({ passed }) => !passed)
    .sort((a, b) => rank(a) - rank(b) || b.failingRows - a.failingRows)
    .slice(0, maxFindings)
    .map(({ check, name, column, severity, observed, expected }) => ({
      check,
      ...(name === undefined ? {} : { name }),
      ...(column === undefined ? {} : { column }),
      severity,
      observed: observed.slice(0, maxTextLength),
      expected: expected.slice(0, maxTextLength),
    }));
}
