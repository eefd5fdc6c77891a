import { quoteText } from '#shared/duckdb/duckdb.ts';
import { type Dialect, sqlTypes } from './dialect.ts';
import { callSql } from './emit-calls.ts';
import type { ColumnType, Expression } from './expression.ts';

/**
 * SQL of an expression, written anew: every operator in parentheses, every text quoted. `columnSql` gives what a column is read by:
 * one operand, whose type is what `dialect` has for the column's (DOUBLE, BIGINT, VARCHAR, BOOLEAN, and a timestamp with time
 * zone). What has no answer for a row is NULL in both dialects instead of an error: a division by zero, integers beyond 64 bits,
 * a root or logarithm of what has none, a text that cannot be cast. Sessions are in UTC.
 */
export function emitSql(
  expression: Expression,
  dialect: Dialect,
  columnSql: (name: string) => string,
): string {
  const emit = (part: Expression): string => partSql(part, dialect, emit, columnSql);
  return emit(expression);
}

type Emit = (part: Expression) => string;

function partSql(
  part: Expression,
  dialect: Dialect,
  emit: Emit,
  columnSql: (name: string) => string,
): string {
  switch (part.kind) {
    case 'literal':
      return literalSql(part, dialect);
    case 'column':
      return columnSql(part.name);
    case 'logic':
      return `(${part.operands.map(emit).join(part.operator === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${emit(part.operand)})`;
    case 'comparison':
      return `(${comparedSql(part.left, emit)} ${part.operator.toUpperCase()} ${comparedSql(part.right, emit)})`;
    case 'arithmetic':
      return arithmeticSql(part, dialect, emit);
    case 'negation':
      return withoutOverflow(`(-${emit(part.operand)})`, part.type);
    case 'concatenation':
      return `(${emit(part.left)} || ${emit(part.right)})`;
    case 'is null':
      return `(${emit(part.operand)} IS NULL)`;
    case 'between':
      return `(${comparedSql(part.operand, emit)} BETWEEN ${comparedSql(part.low, emit)} AND ${comparedSql(part.high, emit)})`;
    case 'in':
      return `(${comparedSql(part.operand, emit)} IN (${part.choices.map((choice) => comparedSql(choice, emit)).join(', ')}))`;
    case 'like':
      return `(${emit(part.operand)} LIKE ${quoteText(part.pattern)}${part.escape === undefined ? '' : ` ESCAPE ${quoteText(part.escape)}`})`;
    case 'case':
      return caseSql(part, emit);
    case 'cast':
      return castSql(part.operand, part.type, dialect, emit);
    case 'call':
      return callSql(part, dialect, emit);
  }
}

type PartOf<Kind> = Extract<Expression, { readonly kind: Kind }>;

function literalSql({ value, type }: PartOf<'literal'>, dialect: Dialect): string {
  if (value === null) return `CAST(NULL AS ${sqlTypes[dialect][type]})`;
  if (typeof value === 'bigint') return `BIGINT '${value}'`;
  if (typeof value === 'number') return numberSql(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (type !== 'timestamp') return quoteText(value);
  const time = value.slice(0, -1).replace('T', ' ');
  return dialect === 'duckdb' ? `TIMESTAMPTZ '${time}+00'` : `TIMESTAMP '${time} UTC'`;
}

/** With an exponent, a number is a DOUBLE in both dialects, and without one a DECIMAL. */
function numberSql(value: number): string {
  const text = String(value);
  const written = text.includes('e') ? text.replace('e', 'E').replace('E+', 'E') : `${text}E0`;
  return value < 0 ? `(${written})` : written;
}

const smallInteger = 2n ** 31n;

/** An operand of a comparison, where the width of an integer literal plays no part. */
function comparedSql(part: Expression, emit: Emit): string {
  const { value } = part.kind === 'literal' ? part : { value: undefined };
  return typeof value === 'bigint' && value < smallInteger && value > -smallInteger
    ? String(value)
    : emit(part);
}

/** NULL where an integer would have more than 64 bits. */
const withoutOverflow = (sql: string, type: ColumnType): string => (type === 'integer' ? `TRY(${sql})` : sql);

function arithmeticSql(part: PartOf<'arithmetic'>, dialect: Dialect, emit: Emit): string {
  const [left, right] = [emit(part.left), emit(part.right)];
  switch (part.operator) {
    case '/':
      return `(${dialect === 'trino' && part.left.type === 'integer' ? `CAST(${left} AS DOUBLE)` : left} / nullif(${right}, 0))`;
    case '%':
      return withoutOverflow(`mod(${left}, nullif(${right}, 0))`, part.type);
    default:
      return withoutOverflow(`(${left} ${part.operator} ${right})`, part.type);
  }
}

function caseSql({ subject, branches, otherwise }: PartOf<'case'>, emit: Emit): string {
  const cases = branches.map(({ when, result }) => `WHEN ${emit(when)} THEN ${emit(result)}`);
  return `(CASE ${subject ? `${emit(subject)} ` : ''}${cases.join(' ')}${otherwise ? ` ELSE ${emit(otherwise)}` : ''} END)`;
}

/** What a text must look like to be cast: so both dialects take the same ones. */
const textShapes = {
  integer: '^[+-]?[0-9]+$',
  number: '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$',
  timestamp:
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:[0-9]{2})?)?)?$',
} as const;

function castSql(operand: Expression, type: ColumnType, dialect: Dialect, emit: Emit): string {
  const sql = emit(operand);
  if (operand.type === 'string' && type === 'boolean')
    return `(CASE lower(${sql}) WHEN 'true' THEN TRUE WHEN '1' THEN TRUE WHEN 'false' THEN FALSE WHEN '0' THEN FALSE END)`;
  if (operand.type === 'string' && (type === 'integer' || type === 'number' || type === 'timestamp')) {
    const shaped = `regexp_extract(${sql}, '${textShapes[type]}')`;
    return type === 'timestamp' && dialect === 'trino'
      ? `TRY(from_iso8601_timestamp_nanos(replace(${shaped}, ' ', 'T')))`
      : `TRY_CAST(${shaped} AS ${sqlTypes[dialect][type]})`;
  }
  if (operand.type === 'number' && type === 'integer') return `TRY_CAST(round(${sql}) AS BIGINT)`;
  return `CAST(${sql} AS ${sqlTypes[dialect][type]})`;
}
