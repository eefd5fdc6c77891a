import { sqlType, typedValue } from '#shared/duckdb/column-types.ts';
import { quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { ColumnType, Dialect } from '../dialect.ts';

export const duckdbDialect: Dialect = {
  quoteName,
  quoteText,
  typedText: (text, { type, format }) =>
    type === 'timestamp' && format !== undefined
      ? `CAST(try_strptime(${text}, ${quoteText(format)}) AS TIMESTAMPTZ)`
      : quickly(text, type),
  sqlType: (type) => sqlType[type],
  instant: (iso) => `TIMESTAMPTZ ${quoteText(iso)}`,
  fullMatch: (text, pattern) => `regexp_full_match(${text}, ${quoteText(pattern)})`,
  characters: (text) => `length(${text})`,
  textOf: (value) => `CAST(${value} AS VARCHAR)`,
};

/** The forms in which most values come, read without a regular expression or a calendar; all others by `typedValue`. */
function quickly(text: string, type: ColumnType): string {
  const value = typedValue(text, type);
  switch (type) {
    case 'integer': {
      const integer = `TRY_CAST(${text} AS BIGINT)`;
      return `CASE WHEN CAST(${integer} AS VARCHAR) = ${text} THEN ${integer} ELSE ${value} END`;
    }
    case 'timestamp': {
      const time = `TRY_CAST(${text} AS TIMESTAMP)`;
      return `CASE WHEN regexp_full_match(${text}, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+Z?)?') THEN make_timestamptz(epoch_us(${time})) ELSE ${value} END`;
    }
    default:
      return value;
  }
}
