import type { CheckResult, ValidationReport } from '../contract.ts';
import { rowChecks } from './row-checks.ts';

/** How quarantined rows name a check: `range:age`, `unique:site+day`, `expression:<name of the rule>`. */
function idOf({ check, name, column, columns }: CheckResult): string {
  const subject = column ?? columns?.join('+') ?? name;
  return subject === undefined ? check : `${check}:${subject}`;
}

/** Why rows that fail these checks (all, where none is named) may not leave quarantine; undefined where they may. */
export function releaseObstacle(
  report: ValidationReport,
  checks: readonly string[],
  primaryKey: string,
): string | undefined {
  const broken = report.checks.filter(
    (result) => rowChecks.has(result.check) && result.severity === 'error' && result.failingRows > 0,
  );
  const names = broken.map(idOf).join(', ');
  const unknown = checks.find((name) => !broken.some((result) => isNamed(result, name)));
  if (unknown !== undefined) return `No row in quarantine fails '${unknown}'. Rows there fail: ${names}.`;
  const chosen = broken.filter(
    (result) => checks.length === 0 || checks.some((name) => isNamed(result, name)),
  );
  const releasable = chosen.filter((result) => !cannotLeave(result, primaryKey));
  if (releasable.length > 0) return undefined;
  return `Rows that fail ${chosen.map(idOf).join(', ')} cannot leave quarantine: a value that is not of its column's type cannot be stored as one, and of rows with the same primary key '${primaryKey}' nothing says which is right. Repair them by a new upload.`;
}

const isNamed = (result: CheckResult, name: string): boolean =>
  [result.check, idOf(result), result.name].includes(name);

const cannotLeave = ({ check, column, columns }: CheckResult, primaryKey: string): boolean =>
  check === 'type' ||
  ((check === 'unique' || check === 'not_null') &&
    (columns ?? [column]).length === 1 &&
    (columns?.[0] ?? column) === primaryKey);
