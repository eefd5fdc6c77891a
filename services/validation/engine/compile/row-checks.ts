import type { ColumnRule, ContractRule, DataContract } from '#services/projects/contract.ts';
import { columnsOf, type Expression } from '#shared/expressions/expression.ts';
import { parseCondition } from '#shared/expressions/parse.ts';
import type { CheckResult } from '../../contract.ts';
import { allowedWords, boundWords, lengthWords, outlierWords, typeWords } from './words.ts';

type DatasetRule = Extract<
  ContractRule,
  { check: 'row_count' | 'row_count_change' | 'null_share' | 'freshness' | 'distribution' }
>;
/** A rule that each row keeps or breaks. `type` is what a column says by its type. */
export type RowRule =
  | Exclude<ContractRule, DatasetRule>
  | {
      readonly check: 'type';
      readonly column: string;
      readonly severity: 'error';
      readonly mostly?: undefined;
    };

/** A check of every row. */
export interface RowCheck {
  readonly rule: RowRule;
  /** How quarantine and releases name it: `range:age`, `unique:site+day`, `expression:<name of the rule>`. */
  readonly id: string;
  /** Columns that it is about. */
  readonly columns: readonly string[];
  /** Of checks `expression`: what its SQL means. */
  readonly condition?: Expression;
  /** What must be, for people: "from 0 to 5". */
  readonly expected: string;
  readonly about: Pick<CheckResult, 'name' | 'owner' | 'note'>;
}

/** The row checks of a contract: those of its columns, column by column, then its rules. Throws InvalidExpression. */
export function rowChecksOf(contract: DataContract): RowCheck[] {
  const ofColumns = Object.entries(contract.columns).flatMap(([column, rule]) =>
    rulesOfColumn(column, rule, column === contract.primaryKey),
  );
  const ofRules = contract.rules.filter(isRowRule);
  return [...ofColumns, ...ofRules].map((rule, index) => rowCheck(rule, index - ofColumns.length, contract));
}

function isRowRule(rule: ContractRule): rule is Exclude<ContractRule, DatasetRule> {
  return !['row_count', 'row_count_change', 'null_share', 'freshness', 'distribution'].includes(rule.check);
}

function rulesOfColumn(column: string, rule: ColumnRule, isKey: boolean): RowRule[] {
  const { min, max, minLength, maxLength } = rule;
  const severity = 'error' as const;
  return [
    ...(rule.nullable ? [] : [{ check: 'not_null' as const, column, severity }]),
    ...(rule.type === 'string' ? [] : [{ check: 'type' as const, column, severity }]),
    ...(min === undefined && max === undefined
      ? []
      : [
          {
            check: 'range' as const,
            column,
            ...(min === undefined ? {} : { min }),
            ...(max === undefined ? {} : { max }),
            severity,
          },
        ]),
    ...(rule.allowed ? [{ check: 'allowed' as const, column, values: rule.allowed, severity }] : []),
    ...(rule.pattern === undefined
      ? []
      : [{ check: 'pattern' as const, column, pattern: rule.pattern, severity }]),
    ...(minLength === undefined && maxLength === undefined
      ? []
      : [
          {
            check: 'length' as const,
            column,
            ...(minLength === undefined ? {} : { min: minLength }),
            ...(maxLength === undefined ? {} : { max: maxLength }),
            severity,
          },
        ]),
    ...(isKey || rule.unique ? [{ check: 'unique' as const, columns: [column], severity }] : []),
  ];
}

function rowCheck(rule: RowRule, ruleIndex: number, contract: DataContract): RowCheck {
  const types = Object.fromEntries(
    Object.entries(contract.columns).map(([column, { type }]) => [column, type]),
  );
  const condition = rule.check === 'expression' ? parseCondition(rule.sql, types) : undefined;
  const columns = condition
    ? columnsOf(condition)
    : 'columns' in rule
      ? rule.columns
      : 'column' in rule
        ? [rule.column]
        : [];
  const { name, owner, note } = rule as { name?: string; owner?: string; note?: string };
  const subject = condition ? (name ?? `rules.${ruleIndex}`) : columns.join('+');
  return {
    rule,
    id: `${rule.check}:${subject}`,
    columns,
    ...(condition ? { condition } : {}),
    expected: expectedOf(rule, contract),
    about: {
      ...(name === undefined ? {} : { name }),
      ...(owner === undefined ? {} : { owner }),
      ...(note === undefined ? {} : { note }),
    },
  };
}

function expectedOf(rule: RowRule, { columns }: DataContract): string {
  switch (rule.check) {
    case 'not_null':
      return 'a value in every row';
    case 'type':
      return typeWords(columns[rule.column]!);
    case 'range':
      return boundWords(rule);
    case 'allowed':
      return allowedWords(rule.values);
    case 'pattern':
      return `text that matches ${rule.pattern}`;
    case 'length':
      return lengthWords(rule);
    case 'unique':
      return 'no value twice in one upload';
    case 'expression':
      return rule.sql;
    case 'references':
      return `found in ${rule.to.columns.join(', ')} of ${rule.to.project}, version ${rule.to.datasetVersion}`;
    case 'outliers':
      return outlierWords(rule);
  }
}
