import { columnType } from '#shared/contracts/parts.ts';
import { columnsOf } from '#shared/expressions/expression.ts';
import { parseCondition } from '#shared/expressions/parse.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ColumnRule, ContractRule, DataContract } from '../contract.ts';
import { patternViolations } from './column-rules.ts';
import { boundViolations, valueViolations } from './values.ts';
import { type DefinitionViolation, ruleOf, unknownColumn, violationWhere } from './violation.ts';

type Path = readonly (string | number)[];
type Columns = DataContract['columns'];
type RuleOf<Check> = Extract<ContractRule, { readonly check: Check }>;

/** What must hold for the rules of a contract: their columns are there, of a type that the check is for, and what they ask can be. */
export function checkViolations({ columns, rules }: DataContract): DefinitionViolation[] {
  return [
    ...rules.flatMap((rule, index) => ruleViolations(rule, ['rules', index], columns)),
    ...nameViolations(rules),
  ];
}

function nameViolations(rules: readonly ContractRule[]): DefinitionViolation[] {
  const names = rules.map(({ name }) => name);
  return names.flatMap((name, index) =>
    violationWhere(
      name !== undefined && names.indexOf(name) < index,
      ['rules', index, 'name'],
      `two rules are named '${name}'; reports tell rules apart by their names, so rename one of them`,
    ),
  );
}

/** Types of columns that a check is for. */
const fitting = {
  range: ['number', 'integer', 'timestamp'],
  pattern: ['string'],
  length: ['string'],
  outliers: ['number', 'integer'],
  freshness: ['timestamp'],
} as const satisfies Partial<Record<ContractRule['check'], readonly ColumnRule['type'][]>>;

const distributionTypes: Readonly<Record<RuleOf<'distribution'>['method'], readonly ColumnRule['type'][]>> = {
  psi: columnType.options,
  jensen_shannon: columnType.options,
  ks: ['number', 'integer', 'timestamp'],
  wasserstein: ['number', 'integer', 'timestamp'],
  chi_squared: ['string', 'boolean', 'integer'],
};

function ruleViolations(rule: ContractRule, path: Path, columns: Columns): DefinitionViolation[] {
  switch (rule.check) {
    case 'row_count':
      return countViolations(rule, path);
    case 'row_count_change':
      return violationWhere(
        rule.maxDecreaseShare === undefined && rule.maxIncreaseShare === undefined,
        path,
        'row_count_change checks nothing without maxDecreaseShare or maxIncreaseShare',
      );
    case 'expression':
      return expressionViolations(rule.sql, [...path, 'sql'], columns);
    case 'unique':
      return listViolations(rule.columns, [...path, 'columns'], columns);
    case 'references':
      return referenceViolations(rule, path, columns);
    case 'distribution':
      return typedViolations(
        rule,
        distributionTypes[rule.method],
        `the method ${rule.method}`,
        path,
        columns,
      );
    case 'not_null':
    case 'null_share':
      return unknownColumn([...path, 'column'], rule.column, columns);
    case 'allowed': {
      const column = ruleOf(columns, rule.column);
      return column
        ? valueViolations([...path, 'values'], rule.values, rule.column, column.type)
        : unknownColumn([...path, 'column'], rule.column, columns);
    }
    default:
      return [
        ...typedViolations(rule, fitting[rule.check], rule.check, path, columns),
        ...limitViolations(rule, path, columns),
      ];
  }
}

function typedViolations(
  { column }: { readonly column: string },
  types: readonly ColumnRule['type'][],
  what: string,
  path: Path,
  columns: Columns,
): DefinitionViolation[] {
  const found = ruleOf(columns, column);
  if (!found) return unknownColumn([...path, 'column'], column, columns);
  return violationWhere(
    !types.includes(found.type),
    [...path, 'column'],
    `${what} is for columns of type ${types.join(', ')}; '${column}' is ${found.type}`,
  );
}

function limitViolations(
  rule: RuleOf<'range' | 'pattern' | 'length' | 'outliers' | 'freshness'>,
  path: Path,
  columns: Columns,
): DefinitionViolation[] {
  if (rule.check === 'pattern') return patternViolations([...path, 'pattern'], rule.pattern);
  if (rule.check === 'length') return countViolations(rule, path);
  const type = rule.check === 'range' ? ruleOf(columns, rule.column)?.type : undefined;
  if (rule.check !== 'range' || type === undefined || !fitting.range.some((fit) => fit === type)) return [];
  return rule.min === undefined && rule.max === undefined
    ? [{ path, message: 'range checks nothing without min or max' }]
    : boundViolations(path, rule, rule.column, type);
}

function countViolations(
  { check, min, max }: RuleOf<'row_count' | 'length'>,
  path: Path,
): DefinitionViolation[] {
  return [
    ...violationWhere(
      min === undefined && max === undefined,
      path,
      `${check} checks nothing without min or max`,
    ),
    ...violationWhere(
      min !== undefined && max !== undefined && min > max,
      [...path, 'min'],
      `min (${min}) is above max (${max}); swap them`,
    ),
  ];
}

function expressionViolations(sql: string, path: Path, columns: Columns): DefinitionViolation[] {
  const types = Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]));
  try {
    return violationWhere(
      columnsOf(parseCondition(sql, types)).length === 0,
      path,
      'the expression reads no column, so that it says the same of every row; name the columns that it is about',
    );
  } catch (error) {
    if (error instanceof AppError && error.code === 'InvalidExpression')
      return [{ path, message: error.message.slice(0, -1) }];
    throw error;
  }
}

function listViolations(names: readonly string[], path: Path, columns: Columns): DefinitionViolation[] {
  return names.flatMap((name, index) => [
    ...unknownColumn([...path, index], name, columns),
    ...violationWhere(
      names.indexOf(name) < index,
      [...path, index],
      `'${name}' is named twice; leave it out here`,
    ),
  ]);
}

function referenceViolations(
  { columns: own, to }: RuleOf<'references'>,
  path: Path,
  columns: Columns,
): DefinitionViolation[] {
  return [
    ...listViolations(own, [...path, 'columns'], columns),
    ...violationWhere(
      own.length !== to.columns.length,
      [...path, 'to', 'columns'],
      `${own.length} columns cannot be looked up in ${to.columns.length}; name as many columns of '${to.project}', in the same order`,
    ),
  ];
}
