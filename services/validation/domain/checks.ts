import type * as z from 'zod';
import type { ColumnRule, ProjectDefinition } from '#services/projects/contract.ts';
import type { checkResult } from '../contract.ts';

export type CheckResult = z.infer<typeof checkResult>;

/** A check that every row passes or fails; rows that fail one are quarantined. */
export interface RowCheck {
  readonly check: 'type' | 'not_null' | 'range' | 'allowed' | 'unique';
  readonly column: string;
  readonly rule: ColumnRule;
  readonly expected: string;
}

/** The row checks of a project's contract, column by column. */
export function rowChecksOf({ data }: ProjectDefinition): RowCheck[] {
  return Object.entries(data.columns).flatMap(([column, rule]) => {
    const isKey = column === data.primaryKey;
    const of = (check: RowCheck['check'], expected: string): RowCheck => ({ check, column, rule, expected });
    return [
      ...(rule.nullable ? [] : [of('not_null', 'a value in every row')]),
      ...(rule.type === 'string' ? [] : [of('type', typeWords[rule.type])]),
      ...(rule.min === undefined && rule.max === undefined ? [] : [of('range', rangeWords(rule))]),
      ...(rule.allowed ? [of('allowed', allowedWords(rule.allowed))] : []),
      ...(isKey || rule.unique ? [of('unique', 'no value twice in one upload')] : []),
    ];
  });
}

const typeWords = {
  number: 'a finite number',
  integer: 'an integer of at most 64 bits',
  boolean: 'true, false, 1 or 0',
  timestamp: 'a time as ISO 8601',
  string: 'text',
} as const satisfies Record<ColumnRule['type'], string>;

function rangeWords({ min, max }: ColumnRule): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}

function allowedWords(allowed: NonNullable<ColumnRule['allowed']>): string {
  const shown = allowed.slice(0, 20).map((value) => JSON.stringify(value));
  return `one of ${shown.join(', ')}${allowed.length > 20 ? ` and ${allowed.length - 20} more` : ''}`;
}

/** How many rows failed a row check. The count stands in for the rows, which are in the quarantine file. */
export function rowCheckResult(check: RowCheck, failingRows: number): CheckResult {
  return {
    check: check.check,
    column: check.column,
    severity: 'warn',
    passed: failingRows === 0,
    observed: failingRows === 0 ? 'every row' : `${failingRows} rows break it`,
    expected: check.expected,
    failingRows,
  };
}

/** What must hold for the columns of a version as a whole. */
export function columnChecks({ data }: ProjectDefinition, found: readonly string[]): CheckResult[] {
  const names = new Set(found);
  const unknown = found.filter((name) => !Object.hasOwn(data.columns, name));
  return [
    ...Object.entries(data.columns).map(([column, rule]) => ({
      check: 'column_present' as const,
      column,
      severity: rule.nullable ? ('warn' as const) : ('error' as const),
      passed: names.has(column),
      observed: names.has(column) ? 'present' : 'absent',
      expected: rule.nullable ? 'present, or else all its values count as missing' : 'present',
      failingRows: 0,
    })),
    {
      check: 'unknown_columns',
      severity: 'error',
      passed: data.checks.unknownColumns === 'ignore' || unknown.length === 0,
      observed:
        unknown.length === 0 ? 'none' : `${unknown.slice(0, 20).join(', ')} (${unknown.length} in all)`,
      expected: data.checks.unknownColumns === 'ignore' ? 'any; they are left out' : 'none',
      failingRows: 0,
    },
  ];
}

/** What must hold for the numbers of rows. */
export function rowCountChecks(
  { data }: ProjectDefinition,
  { rows, validRows }: { rows: number; validRows: number },
): CheckResult[] {
  const { maxQuarantinedShare, minRows } = data.checks;
  const quarantined = rows - validRows;
  const share = rows === 0 ? 0 : quarantined / rows;
  return [
    {
      check: 'quarantined_share',
      severity: 'error',
      passed: share <= maxQuarantinedShare,
      observed: `${quarantined} of ${rows} rows (${percent(share)})`,
      expected: `at most ${percent(maxQuarantinedShare)} of the rows`,
      failingRows: quarantined,
    },
    {
      check: 'min_rows',
      severity: 'warn',
      passed: validRows >= minRows,
      observed: `${validRows} valid rows`,
      expected: `at least ${minRows} valid rows`,
      failingRows: 0,
    },
  ];
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
