import { AppError } from '#shared/kernel/errors.ts';
import type { Dialect } from '../dialect.ts';

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const number = '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$';
const integer = '^[+-]?[0-9]+([.]0+)?$';
const timestamp = '^[0-9]{4}-[0-9]{2}-[0-9]{2}';
const sqlTypes = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP(6) WITH TIME ZONE',
  string: 'VARCHAR',
} as const;

/** Trino's SQL as Athena (engine version 3) speaks it; sessions are in UTC. */
export const trinoDialect: Dialect = {
  quoteName,
  quoteText,
  typedText: (text, { type, format }) => {
    switch (type) {
      case 'number':
        return `CASE WHEN regexp_like(${text}, '${number}') AND is_finite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`;
      case 'integer':
        return `CASE WHEN regexp_like(${text}, '${integer}') THEN TRY_CAST(regexp_replace(${text}, '[.]0+$', '') AS BIGINT) END`;
      case 'boolean':
        return `CASE lower(${text}) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END`;
      case 'timestamp':
        return format === undefined
          ? `CASE WHEN regexp_like(${text}, '${timestamp}') THEN CAST(TRY(from_iso8601_timestamp_nanos(regexp_replace(${text}, '^(.{10}) ', '$1T'))) AS ${sqlTypes.timestamp}) END`
          : `CAST(TRY(parse_datetime(${text}, ${quoteText(jodaFormat(format))})) AS ${sqlTypes.timestamp})`;
      case 'string':
        return text;
    }
  },
  sqlType: (type) => sqlTypes[type],
  instant: (iso) => `TIMESTAMP ${quoteText(`${iso.slice(0, -1).replace('T', ' ')} UTC`)}`,
  fullMatch: (text, pattern) => `regexp_like(${text}, ${quoteText(`\\A(?:${pattern})\\z`)})`,
  characters: (text) => `length(${text})`,
  textOf: (value) => `CAST(${value} AS VARCHAR)`,
};

/** Joda-Time's letters, which Trino's parse_datetime reads, for strftime's. */
const jodaLetters: Readonly<Record<string, string>> = {
  Y: 'yyyy',
  y: 'yy',
  m: 'MM',
  d: 'dd',
  H: 'HH',
  I: 'hh',
  M: 'mm',
  S: 'ss',
  f: 'SSSSSS',
  g: 'SSS',
  j: 'DDD',
  p: 'aa',
  b: 'MMM',
  B: 'MMMM',
  a: 'EEE',
  A: 'EEEE',
  z: 'Z',
  Z: 'zzz',
  '-m': 'M',
  '-d': 'd',
  '-H': 'H',
  '-I': 'h',
  '-M': 'm',
  '-S': 's',
};

function jodaFormat(format: string): string {
  return [...format.matchAll(/%(-?[A-Za-z%])|([^%]+)/g)]
    .map(([, letter, text]) => {
      if (text !== undefined) return /[A-Za-z']/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
      if (letter === '%') return '%';
      const joda = jodaLetters[letter!];
      if (joda !== undefined) return joda;
      throw new AppError(
        'invalid_input',
        'UnsupportedFormat',
        `The format '${format}' has %${letter}, which Athena cannot read. Use ${Object.keys(jodaLetters)
          .map((known) => `%${known}`)
          .join(', ')}.`,
      );
    })
    .join('');
}
