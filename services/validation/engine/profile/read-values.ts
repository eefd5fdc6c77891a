import type { Column } from '#shared/contracts/parts.ts';
import { typedValue } from '#shared/duckdb/column-types.ts';
import { quoteText } from '#shared/duckdb/duckdb.ts';
import type { ColumnSource } from './column-source.ts';

type ColumnType = Column['type'];

/**
 * SQL of a text as a value of a type that nobody declared, or NULL. Stricter than a declared type: a number with a leading zero is
 * a code (0123), and one with a decimal point is no integer although its fraction is 0, because whoever writes 59.0 has fractions.
 */
export function inferredValue(text: string, type: ColumnType): string {
  if (type === 'integer')
    return `CASE WHEN regexp_full_match(${text}, '[+-]?(0|[1-9][0-9]*)') THEN TRY_CAST(${text} AS BIGINT) END`;
  // Texts between '00' and '09…': a comparison costs a tenth of a regular expression.
  return type === 'number'
    ? `CASE WHEN NOT (${text} >= '00' AND ${text} < '0:') THEN ${typedValue(text, type)} END`
    : typedValue(text, type);
}

/** SQL of a source's value in a type, NULL where it has none; a text with a declared type is read as the contract says. */
export function typedSql(source: ColumnSource, type: ColumnType): string {
  const { sql, isText, nativeType, column } = source;
  if (!isText) return nativeValue(sql, nativeType, type);
  if (type === 'timestamp' && column.format !== undefined)
    return `try_strptime(${sql}, ${quoteText(column.format)})`;
  return column.type === undefined ? inferredValue(sql, type) : typedValue(sql, type);
}

/** The same for a column that is known to hold values of the type only, which is a cheaper question. */
export function soundSql(source: ColumnSource, type: ColumnType): string {
  if (source.isText && type === 'number') return `TRY_CAST(${source.sql} AS DOUBLE)`;
  if (source.isText && type === 'integer') return `TRY_CAST(${source.sql} AS BIGINT)`;
  return typedSql(source, type);
}

function nativeValue(sql: string, from: ColumnType, to: ColumnType): string {
  if (from === to) return sql;
  if (to === 'number' && from === 'integer') return `CAST(${sql} AS DOUBLE)`;
  return to === 'string' ? `CAST(${sql} AS VARCHAR)` : typedValue(`CAST(${sql} AS VARCHAR)`, to);
}

/** SQL of a typed value as finite number: times as seconds since 1970. Undefined for texts and booleans. */
export function numberOf(value: string, type: ColumnType): string | undefined {
  if (type === 'timestamp') return `epoch(${value})`;
  if (type === 'integer') return `CAST(${value} AS DOUBLE)`;
  if (type === 'number')
    return `CASE WHEN isfinite(CAST(${value} AS DOUBLE)) THEN CAST(${value} AS DOUBLE) END`;
  return undefined;
}

/** SQL of a typed value as profiles write it: times as ISO 8601, texts cut at 200 characters. */
export function textOfValue(value: string, type: ColumnType): string {
  if (type === 'timestamp') return isoTime(value);
  if (type === 'string')
    return `CASE WHEN length(${value}) > ${maxTextLength} THEN left(${value}, ${maxTextLength}) || '…' ELSE ${value} END`;
  return `CAST(${value} AS VARCHAR)`;
}
const maxTextLength = 200;

const isoTime = (value: string): string =>
  `regexp_replace(strftime(CAST(${value} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%f'), '[.]?0+$', '') || 'Z'`;
