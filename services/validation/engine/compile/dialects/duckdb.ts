import { sqlType, typedValue } from '#shared/duckdb/column-types.ts';
import { quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { Dialect } from '../dialect.ts';

export const duckdbDialect: Dialect = {
  quoteName,
  quoteText,
  typedText: (text, { type, format }) =>
    type === 'timestamp' && format !== undefined
      ? `CAST(try_strptime(${text}, ${quoteText(format)}) AS TIMESTAMPTZ)`
      : typedValue(text, type),
  sqlType: (type) => sqlType[type],
  instant: (iso) => `TIMESTAMPTZ ${quoteText(iso)}`,
  fullMatch: (text, pattern) => `regexp_full_match(${text}, ${quoteText(pattern)})`,
  characters: (text) => `length(${text})`,
  textOf: (value) => `CAST(${value} AS VARCHAR)`,
};
