import type { ColumnRule } from '#services/projects/contract.ts';
import { duckdbDialect } from './compile/dialects/duckdb.ts';

const signedInteger = /^(TINY|SMALL|BIG)?INT(EGER)?$|^U(TINY|SMALL)INT$|^UINTEGER$/;
const otherInteger = /^(UBIGINT|U?HUGEINT)$/;
const fraction = /^(FLOAT|DOUBLE|DECIMAL.*)$/;
const timeOfMicroseconds = /^TIMESTAMP( WITH TIME ZONE)?$/;
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
      // Their numbers are the same in UTC; the cast asks a calendar, which costs five times as much and knows fewer years.
      if (type === 'TIMESTAMP')
        return `CASE WHEN isfinite(${sql}) THEN make_timestamptz(epoch_us(${sql})) ELSE TRY_CAST(${sql} AS TIMESTAMPTZ) END`;
      return time.test(type) ? `TRY_CAST(${sql} AS TIMESTAMPTZ)` : undefined;
    case 'string':
      return type === 'VARCHAR' ? sql : duckdbDialect.textOf(sql);
  }
}

interface Uploaded {
  readonly sql: string;
  readonly type: string;
  readonly rule: ColumnRule;
}

/** SQL of whether an uploaded value that is there has not the declared type, where it can be told without the value of that type. */
export function mistypedValue({ sql, type, rule }: Uploaded): string | undefined {
  switch (rule.type) {
    case 'number':
      if (type === 'DOUBLE' || type === 'FLOAT') return `NOT isfinite(${sql})`;
      return fraction.test(type) || isInteger(type) ? 'false' : undefined;
    case 'integer':
      return signedInteger.test(type) ? 'false' : undefined;
    case 'boolean':
      return type === 'BOOLEAN' ? 'false' : undefined;
    case 'timestamp':
      return timeOfMicroseconds.test(type) ? 'false' : undefined;
    case 'string':
      return 'false';
  }
}

/** SQL of an uploaded number that may be infinite or none (NaN): DuckDB compares it with what it knows of the file, and reads less. */
export const looseValue = ({ sql, type, rule }: Uploaded): string | undefined =>
  rule.type === 'number' && (type === 'DOUBLE' || type === 'FLOAT') ? `CAST(${sql} AS DOUBLE)` : undefined;

const isInteger = (type: string): boolean => signedInteger.test(type) || otherInteger.test(type);
