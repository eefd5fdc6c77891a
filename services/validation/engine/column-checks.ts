import type { DataContract } from '#services/projects/contract.ts';
import type { CheckResult } from '../contract.ts';
import { percent } from '../domain/percent.ts';

const maxNames = 20;

/** What must hold for the columns of a version as a whole. */
export function columnChecks(contract: DataContract, found: readonly string[]): CheckResult[] {
  const names = new Set(found);
  const unknown = found.filter((name) => !Object.hasOwn(contract.columns, name));
  const mayComeUnknown = contract.checks.unknownColumns === 'ignore';
  return [
    ...Object.entries(contract.columns).map(([column, { nullable }]) => ({
      check: 'column_present' as const,
      column,
      severity: nullable ? ('warn' as const) : ('error' as const),
      ...outcomeOf(names.has(column)),
      observed: names.has(column) ? 'present' : 'absent',
      expected: nullable ? 'present, or else all its values count as missing' : 'present',
      failingRows: 0,
    })),
    {
      check: 'unknown_columns',
      severity: 'error',
      ...outcomeOf(mayComeUnknown || unknown.length === 0),
      observed:
        unknown.length === 0 ? 'none' : `${unknown.slice(0, maxNames).join(', ')} (${unknown.length} in all)`,
      expected: mayComeUnknown ? 'any; they are left out' : 'none',
      failingRows: 0,
    },
  ];
}

/** What must hold for the numbers of rows, as every contract says it. */
export function rowCountChecks(
  { checks: { maxQuarantinedShare, minRows } }: DataContract,
  { rows, quarantinedRows }: { rows: number; quarantinedRows: number },
): CheckResult[] {
  const share = rows === 0 ? 0 : quarantinedRows / rows;
  const validRows = rows - quarantinedRows;
  return [
    {
      check: 'quarantined_share',
      severity: 'error',
      ...outcomeOf(share <= maxQuarantinedShare),
      observed: `${quarantinedRows} of ${rows} rows (${percent(share)})`,
      expected: `at most ${percent(maxQuarantinedShare)} of the rows`,
      failingRows: quarantinedRows,
    },
    {
      check: 'min_rows',
      severity: 'warn',
      ...outcomeOf(validRows >= minRows),
      observed: `${validRows} valid rows`,
      expected: `at least ${minRows} valid rows`,
      failingRows: 0,
    },
  ];
}

export const outcomeOf = (passed: boolean) => ({
  passed,
  outcome: passed ? ('passed' as const) : ('failed' as const),
});
