import type { ColumnRule } from '#services/projects/contract.ts';

export type ColumnType = ColumnRule['type'];
export type Scalar = string | number | boolean;

/** How one engine's SQL says what checks need. All arguments named `text` or `value` are SQL expressions. */
export interface Dialect {
  /** Column's or table's name, whatever characters it has. */
  quoteName(name: string): string;
  /** Text literal. */
  quoteText(text: string): string;
  /** Value of the declared type that a text stands for, NULL where it stands for none. Numbers are finite. */
  typedText(text: string, column: Pick<ColumnRule, 'type' | 'format'>): string;
  /** SQL type of values of a declared type. */
  sqlType(type: ColumnType): string;
  /** Point in time literal from ISO 8601 in UTC (`2026-01-01T00:00:00.000Z`). */
  instant(iso: string): string;
  /** Whether the whole text matches a regular expression. */
  fullMatch(text: string, pattern: string): string;
  /** Number of characters. */
  characters(text: string): string;
  /** Text of a value that is no text. */
  textOf(value: string): string;
}

/** Literal of a declared type; undefined where the value is none of that type, so that no row can have it. */
export function literal(dialect: Dialect, value: Scalar, type: ColumnType): string | undefined {
  switch (type) {
    case 'number': {
      const number = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
      return Number.isFinite(number) ? doubleLiteral(number) : undefined;
    }
    case 'integer':
      return /^[+-]?\d+(\.0+)?$/.test(String(value))
        ? integerLiteral(BigInt(String(value).replace(/\..*/, '').replace('+', '')))
        : undefined;
    case 'boolean':
      return { true: 'true', '1': 'true', false: 'false', '0': 'false' }[String(value).toLowerCase()];
    case 'timestamp': {
      const time = instantOf(value);
      return time === undefined ? undefined : dialect.instant(time);
    }
    case 'string':
      return dialect.quoteText(String(value));
  }
}

/** ISO 8601 in UTC, of a time that names UTC where it names no zone; undefined where it is none. */
export function instantOf(value: Scalar): string | undefined {
  if (typeof value !== 'string') return undefined;
  const hasZone = /(Z|[+-]\d{2}(:?\d{2})?)$/i.test(value.slice(10));
  const hasTime = value.length > 10;
  const milliseconds = Date.parse(
    !hasTime || hasZone ? value.replace(' ', 'T') : `${value.replace(' ', 'T')}Z`,
  );
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

/** With an exponent, so that no engine takes it for a decimal number. */
export const doubleLiteral = (value: number): string => {
  const text = String(value);
  return text.includes('e') ? text.replace('e+', 'e') : `${text}e0`;
};

const [least, greatest] = [-(2n ** 63n), 2n ** 63n - 1n];
const integerLiteral = (value: bigint): string | undefined =>
  value < least || value > greatest ? undefined : `CAST('${value}' AS BIGINT)`;
