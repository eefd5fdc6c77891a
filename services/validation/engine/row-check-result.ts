import type { DataContract } from '#services/projects/contract.ts';
import { type CheckResult, maskedValue } from '../contract.ts';
import { percent } from '../domain/percent.ts';
import { outcomeOf } from './column-checks.ts';
import type { RowCheck } from './compile/row-checks.ts';

interface Found {
  readonly rows: number;
  readonly failingRows: number;
  /** Texts of failing rows, in the order of the contract's columns. */
  readonly samples: readonly (readonly (string | null)[])[];
}

/** How a row check came out. With `mostly` it passes while enough rows keep it; the rows that do not are quarantined or warned of all the same. */
export function rowCheckResult(
  check: RowCheck,
  { rows, failingRows, samples }: Found,
  contract: DataContract,
): CheckResult {
  const { rule, columns } = check;
  const kept = rows === 0 ? 1 : (rows - failingRows) / rows;
  const passed = rule.mostly === undefined ? failingRows === 0 : kept >= rule.mostly;
  return {
    check: rule.check,
    ...check.about,
    ...(columns.length === 1 ? { column: columns[0]! } : {}),
    ...(columns.length > 1 ? { columns: [...columns] } : {}),
    severity: rule.severity,
    ...outcomeOf(passed),
    observed:
      failingRows === 0
        ? 'every row'
        : `${failingRows} ${failingRows === 1 ? 'row breaks' : 'rows break'} it (${percent(1 - kept)})`,
    expected:
      rule.mostly === undefined
        ? check.expected
        : `${check.expected}, in at least ${percent(rule.mostly)} of the rows`,
    failingRows,
    ...(rule.mostly === undefined ? {} : { mostly: rule.mostly }),
    ...(failingRows === 0 ? {} : { samples: samples.map((texts) => sampleOf(texts, columns, contract)) }),
  };
}

function sampleOf(
  texts: readonly (string | null)[],
  columns: readonly string[],
  contract: DataContract,
): Record<string, string | null> {
  const names = Object.keys(contract.columns);
  const shown = new Set([contract.primaryKey, ...columns]);
  return Object.fromEntries(
    names.flatMap((name, index) => {
      if (!shown.has(name)) return [];
      const text = texts[index] ?? null;
      return [[name, text !== null && contract.columns[name]!.sensitive ? maskedValue : text]];
    }),
  );
}
