import type { ValidationReport } from '../contract.ts';
import type { CheckPlan, StoredOutcome } from './check-plan.ts';

type Found = Pick<
  ValidationReport,
  | 'verdict'
  | 'rows'
  | 'validRows'
  | 'quarantinedRows'
  | 'checks'
  | 'validated'
  | 'quarantine'
  | 'profile'
  | 'released'
>;
type Result<Kind> = Extract<StoredOutcome['result'], { kind: Kind }>;

/** What a report says of rows that were checked. A version with released rows is never better than Warn. */
export function reportOf(
  { outcome, profile, validated, quarantine }: Result<'checked'>,
  plan: CheckPlan,
): Found {
  const { verdict, rows, validRows, quarantinedRows, checks, releasedRows } = outcome;
  const released = releasesOf(plan, releasedRows);
  return {
    verdict: releasedRows > 0 && verdict === 'Pass' ? 'Warn' : verdict,
    rows,
    validRows,
    quarantinedRows,
    checks,
    profile,
    ...(validated && verdict !== 'Fail' ? { validated } : {}),
    ...(quarantine ? { quarantine } : {}),
    ...(released.length > 0 ? { released } : {}),
  };
}

/** The newest release let out what those before it had not. */
function releasesOf({ releases, releasedBefore }: CheckPlan, releasedRows: number) {
  const earlier = releases.reduce((sum, { releaseId }) => sum + (releasedBefore[releaseId] ?? 0), 0);
  return releases.map((release) => ({
    ...release,
    rows: releasedBefore[release.releaseId] ?? Math.max(0, releasedRows - earlier),
  }));
}

/** What a report says of a version that could not be checked: nothing downstream may use it. What was released before stays so. */
export function unreadableReport({ observed, expected }: Result<'unreadable'>, plan: CheckPlan): Found {
  const { check, releases, releasedBefore } = plan;
  const known = releases.filter(({ releaseId }) => releasedBefore[releaseId] !== undefined);
  const released = releasesOf({ ...plan, releases: known }, 0);
  return {
    ...(released.length > 0 ? { released } : {}),
    verdict: 'Fail',
    rows: check.objects.reduce((sum, { rows }) => sum + rows, 0),
    validRows: 0,
    quarantinedRows: 0,
    checks: [
      {
        check: 'readable',
        severity: 'error',
        outcome: 'failed',
        passed: false,
        observed,
        expected,
        failingRows: 0,
      },
    ],
  };
}
