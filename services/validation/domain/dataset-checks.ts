import type { ContractRule } from '#services/projects/contract.ts';
import type { CheckResult } from '../contract.ts';
import { percent } from './percent.ts';

type RuleOf<Check extends ContractRule['check']> = Extract<ContractRule, { check: Check }>;

/** What checks of a version as a whole are held against; counts are of all uploaded rows. */
export interface DatasetFacts {
  readonly rows: number;
  /** Rows of the version before; absent where there is none. */
  readonly previousRows?: number | undefined;
  readonly columns: Readonly<Record<string, ColumnFacts>>;
  /** When the newest upload arrived, ISO 8601. */
  readonly uploadedAt: string;
}

export interface ColumnFacts {
  /** Rows with a value. */
  readonly values: number;
  /** Of times: the latest, ISO 8601; absent where there is none. */
  readonly newest?: string | undefined;
}

/** Results of the rules row_count, row_count_change, null_share and freshness, in the contract's order; other rules are left to others. */
export function datasetChecks(rules: readonly ContractRule[], facts: DatasetFacts): CheckResult[] {
  return rules.flatMap((rule) => {
    switch (rule.check) {
      case 'row_count':
        return [resultOf(rule, rowCount(rule, facts))];
      case 'row_count_change':
        return [resultOf(rule, rowCountChange(rule, facts))];
      case 'null_share':
        return [resultOf(rule, nullShare(rule, facts))];
      case 'freshness':
        return [resultOf(rule, freshness(rule, facts))];
      default:
        return [];
    }
  });
}

interface Finding {
  readonly outcome: NonNullable<CheckResult['outcome']>;
  readonly observed: string;
  readonly expected: string;
}

function resultOf(
  rule: RuleOf<'row_count' | 'row_count_change' | 'null_share' | 'freshness'>,
  { outcome, observed, expected }: Finding,
): CheckResult {
  return {
    check: rule.check,
    ...(rule.name === undefined ? {} : { name: rule.name }),
    ...('column' in rule ? { column: rule.column } : {}),
    severity: rule.severity,
    outcome,
    passed: outcome !== 'failed',
    observed,
    expected,
    failingRows: 0,
    ...(rule.owner === undefined ? {} : { owner: rule.owner }),
    ...(rule.note === undefined ? {} : { note: rule.note }),
  };
}

const judged = (isKept: boolean): 'passed' | 'failed' => (isKept ? 'passed' : 'failed');

function rowCount({ min, max }: RuleOf<'row_count'>, { rows }: DatasetFacts): Finding {
  return {
    outcome: judged(rows >= (min ?? 0) && rows <= (max ?? Number.POSITIVE_INFINITY)),
    observed: `${rows} rows`,
    expected: boundWords(min, max, (rows) => `${rows} rows`),
  };
}

function rowCountChange(rule: RuleOf<'row_count_change'>, { rows, previousRows }: DatasetFacts): Finding {
  const { maxDecreaseShare: less, maxIncreaseShare: more } = rule;
  const expected = `at most ${[
    ...(less === undefined ? [] : [`${percent(less)} fewer`]),
    ...(more === undefined ? [] : [`${percent(more)} more`]),
  ].join(' and ')} rows than the version before`;
  if (previousRows === undefined || previousRows === 0)
    return {
      outcome: 'skipped',
      observed: previousRows === 0 ? 'no rows in the version before' : 'no version before',
      expected,
    };
  // Held against counts of rows: 1 − 90/100 is a little more than 0.1 in doubles.
  const isKept =
    rows >= previousRows - (less ?? 1) * previousRows &&
    rows <= previousRows + (more ?? Infinity) * previousRows;
  const change = (rows - previousRows) / previousRows;
  return {
    outcome: judged(isKept),
    observed: `${rows} rows after ${previousRows} (${change < 0 ? '−' : '+'}${percent(Math.abs(change))})`,
    expected,
  };
}

function nullShare({ column, max }: RuleOf<'null_share'>, { rows, columns }: DatasetFacts): Finding {
  const expected = `at most ${percent(max)} of the rows without a value`;
  if (rows === 0) return { outcome: 'skipped', observed: 'no rows', expected };
  const missing = rows - (columns[column]?.values ?? 0);
  return {
    outcome: judged(missing <= max * rows),
    observed: `${missing} of ${rows} rows (${percent(missing / rows)})`,
    expected,
  };
}

const msPerHour = 3_600_000;

/** A version without any time is not fresh; one without rows is none of this check's business. */
function freshness(
  { column, maxAgeHours }: RuleOf<'freshness'>,
  { rows, columns, uploadedAt }: DatasetFacts,
): Finding {
  const expected = `at most ${maxAgeHours} hours before the upload`;
  const newest = columns[column]?.newest;
  if (newest === undefined)
    return rows === 0
      ? { outcome: 'skipped', observed: 'no rows', expected }
      : { outcome: 'failed', observed: 'no time in any row', expected };
  const ageHours = (Date.parse(uploadedAt) - Date.parse(newest)) / msPerHour;
  const age = `${Number(Math.abs(ageHours).toFixed(2))} hours ${ageHours < 0 ? 'after' : 'before'} the upload`;
  return { outcome: judged(ageHours <= maxAgeHours), observed: `newest is ${newest}, ${age}`, expected };
}

function boundWords(
  min: number | undefined,
  max: number | undefined,
  words: (value: string) => string,
): string {
  if (min !== undefined && max !== undefined) return words(`from ${min} to ${max}`);
  if (min === undefined && max === undefined) return words('any number of');
  return words(min === undefined ? `at most ${max}` : `at least ${min}`);
}
