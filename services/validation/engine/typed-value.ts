import type { ColumnRule } from '#services/projects/contract.ts';
import { duckdbDialect } from './compile/dialects/duckdb.ts';

const signedInteger = /^(TINY|SMALL|BIG)?INT(EGER)?$|^U(TINY|SMALL)INT$|^UINTEGER$/;
const otherInteger = /^(UBIGINT|U?HUGEINT)$/;
const fraction = /^(FLOAT|DOUBLE|DECIMAL.*)$/;
const time = /^(TIMESTAMP.*|DATE)$/;

/**
 * SQL of the declared type's value of an uploaded one, NULL where it has not the type. What a Parquet file holds in the declared type, or
 * in one that fits into it, is taken as it is; all else by its text.
 */
export function declaredValue(sql: string, type: string, rule: ColumnRule): string {
  const native = nativeValue(sql, type, rule.type);
  return native ?? duckdbDialect.typedText(type === 'VARCHAR' ? sql : duckdbDialect.textOf(sql), rule);
}

function nativeValue(sql: string, type: string, declared: ColumnRule['type']): string | undefined {
  switch (declared) {
    case 'number':
      if (type === 'DOUBLE' || type === 'FLOAT')
        return `CASE WHEN isfinite(${sql}) THEN CAST(${sql} AS DOUBLE) END`;
      return fraction.test(type) || isInteger(type) ? `CAST(${sql} AS DOUBLE)` : undefined;
    case 'integer':
      if (signedInteger.test(type)) return `CAST(${sql} AS BIGINT)`;
      if (otherInteger.test(type)) return `TRY_CAST(${sql} AS BIGINT)`;
      return fraction.test(type)
        ? `CASE WHEN ${sql} = trunc(${sql}) THEN TRY_CAST(${sql} AS BIGINT) END`
        : undefined;
    case 'boolean':
      return type === 'BOOLEAN' ? sql : undefined;
    case 'timestamp':
      return time.test(type) ? `TRY_CAST(${sql} AS TIMESTAMPTZ)` : undefined;
    case 'string':
      return type === 'VARCHAR' ? sql : duckdbDialect.textOf(sql);
  }
}

const isInteger = (type: string): boolean => signedInteger.test(type) || otherInteger.test(type);
