import type { Column } from '#shared/contracts/parts.ts';

type ColumnType = Column['type'];

/**
 * SQL that turns a text (an SQL expression) into a value of the type, or NULL where it is none. Numbers are finite; integers
 * have 64 bits and may end in `.0`; booleans are true, false, 1 or 0 in any case; timestamps are ISO 8601, UTC where they name no zone.
 */
export function typedValue(text: string, type: ColumnType): string {
  switch (type) {
    case 'number':
      return `CASE WHEN isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`;
    case 'integer':
      return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+([.]0+)?') THEN TRY_CAST(${text} AS BIGINT) END`;
    case 'boolean':
      return `CASE lower(${text}) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END`;
    case 'timestamp':
      return `CASE WHEN regexp_matches(${text}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(${text} AS TIMESTAMPTZ) END`;
    case 'string':
      return text;
  }
}

/** The SQL type that `typedValue` gives. */
export const sqlType: Readonly<Record<ColumnType, string>> = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  string: 'VARCHAR',
};

/** Our word for a type of DuckDB's; nested and binary types are read as text. */
export function columnTypeOf(duckdbType: string): ColumnType {
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)$/.test(duckdbType)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL.*)$/.test(duckdbType)) return 'number';
  if (/^(TIMESTAMP.*|DATE)$/.test(duckdbType)) return 'timestamp';
  return duckdbType === 'BOOLEAN' ? 'boolean' : 'string';
}
