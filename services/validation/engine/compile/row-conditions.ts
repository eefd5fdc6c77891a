import type { DataContract } from '#services/projects/contract.ts';
import type { Expression } from '#shared/expressions/expression.ts';
import { type ColumnType, type Dialect, doubleLiteral, literal, type Scalar } from './dialect.ts';
import type { RowCheck } from './row-checks.ts';

/** SQL of what a row offers to its checks. */
export interface RowColumns {
  /** Whether the column's value is missing. */
  missing(column: string): string;
  /** The value, of the declared type; NULL where it is missing or has not the type. */
  value(column: string): string;
  /** The value's text. */
  text(column: string): string;
  /** Whether the values of a check `unique` come again, or of a check `references` are not found; undefined where it is so for no row. */
  flag(check: RowCheck): string | undefined;
  /** The value as a floating point number; undefined for texts. */
  number(column: string): string | undefined;
  /** Least and greatest number that is no outlier; undefined where there are too few values to say. */
  bounds(check: RowCheck): { readonly low: string; readonly high: string } | undefined;
  /** SQL of a user's condition. */
  condition(condition: Expression): string;
}

/** SQL that is true for the rows that break a check; undefined where none can. It may be NULL for rows that keep it. */
export function failureCondition(
  check: RowCheck,
  row: RowColumns,
  contract: DataContract,
  dialect: Dialect,
): string | undefined {
  const { rule } = check;
  switch (rule.check) {
    case 'not_null':
      return row.missing(rule.column);
    case 'type':
      return `(NOT ${row.missing(rule.column)} AND ${row.value(rule.column)} IS NULL)`;
    case 'range':
      return outside(row.value(rule.column), rule, contract.columns[rule.column]!.type, dialect);
    case 'allowed':
      return noneOf(row.value(rule.column), rule.values, contract.columns[rule.column]!.type, dialect);
    case 'pattern':
      return `NOT ${dialect.fullMatch(row.text(rule.column), rule.pattern)}`;
    case 'length':
      return outsideLength(dialect.characters(row.text(rule.column)), rule);
    case 'unique':
    case 'references':
      return row.flag(check);
    case 'expression':
      return check.condition && `NOT (${row.condition(check.condition)})`;
    case 'outliers': {
      const bounds = row.bounds(check);
      const number = row.number(rule.column);
      return bounds && number && `(${number} < ${bounds.low} OR ${number} > ${bounds.high})`;
    }
  }
}

type Bounds = { readonly min?: Scalar | undefined; readonly max?: Scalar | undefined };

function outside(
  value: string,
  { min, max }: Bounds,
  type: ColumnType,
  dialect: Dialect,
): string | undefined {
  const least = min === undefined ? undefined : boundLiteral(dialect, min, type, Math.ceil);
  const greatest = max === undefined ? undefined : boundLiteral(dialect, max, type, Math.floor);
  return either([
    ...(least === undefined ? [] : [`${value} < ${least}`]),
    ...(greatest === undefined ? [] : [`${value} > ${greatest}`]),
  ]);
}

/** Integers are compared with whole numbers, exactly; only a bound that no integer of 64 bits reaches is a floating point number. */
function boundLiteral(
  dialect: Dialect,
  bound: Scalar,
  type: ColumnType,
  round: (value: number) => number,
): string | undefined {
  if (type !== 'integer') return literal(dialect, bound, type);
  const whole = round(Number(bound));
  if (!Number.isFinite(whole)) return undefined;
  return literal(dialect, String(BigInt(whole)), type) ?? doubleLiteral(whole);
}

function noneOf(value: string, values: readonly Scalar[], type: ColumnType, dialect: Dialect): string {
  const literals = values
    .map((allowed) => literal(dialect, allowed, type))
    .filter((sql) => sql !== undefined);
  return literals.length === 0 ? `${value} IS NOT NULL` : `${value} NOT IN (${literals.join(', ')})`;
}

const outsideLength = (
  length: string,
  { min, max }: { min?: number | undefined; max?: number | undefined },
): string | undefined =>
  either([
    ...(min === undefined ? [] : [`${length} < ${min}`]),
    ...(max === undefined ? [] : [`${length} > ${max}`]),
  ]);

const either = (conditions: readonly string[]): string | undefined =>
  conditions.length === 0 ? undefined : `(${conditions.join(' OR ')})`;
