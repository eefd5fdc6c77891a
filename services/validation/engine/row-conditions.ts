import { typedValue } from '#shared/duckdb/column-types.ts';
import { quoteText } from '#shared/duckdb/duckdb.ts';
import type { RowCheck } from '../domain/checks.ts';

/** SQL that is true for a row that fails the check. `text` is the SQL of the column's text, `object` of the upload that the row came with. */
export function failureCondition({ check, rule }: RowCheck, text: string, object: string): string {
  const value = typedValue(text, rule.type);
  switch (check) {
    case 'not_null':
      return `${text} IS NULL`;
    case 'type':
      return `${text} IS NOT NULL AND (${value}) IS NULL`;
    case 'range':
      return [
        ...(rule.min === undefined ? [] : [`(${value}) < ${rule.min}`]),
        ...(rule.max === undefined ? [] : [`(${value}) > ${rule.max}`]),
      ].join(' OR ');
    case 'allowed':
      return `(${value}) IS NOT NULL AND (${value}) NOT IN (${rule.allowed!.map((allowed) => allowedValue(allowed, rule.type)).join(', ')})`;
    case 'unique':
      return `(${value}) IS NOT NULL AND count(*) OVER (PARTITION BY ${object}, (${value})) > 1`;
  }
}

function allowedValue(value: string | number | boolean, type: RowCheck['rule']['type']): string {
  if (typeof value !== 'string') return String(value);
  return type === 'timestamp' ? typedValue(quoteText(value), type) : quoteText(value);
}
