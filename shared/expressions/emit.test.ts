import { describe, expect, test } from 'vitest';
import { quoteName } from '#shared/duckdb/duckdb.ts';
import { emitSql } from './emit.ts';
import type { ColumnType } from './expression.ts';
import { parseExpression } from './parse.ts';

const columns: Readonly<Record<string, ColumnType>> = {
  t: 'timestamp',
  u: 'timestamp',
  x: 'number',
  y: 'number',
  n: 'integer',
  m: 'integer',
  s: 'string',
  r: 'string',
  b: 'boolean',
};
const shape = {
  integer: "'^[+-]?[0-9]+$'",
  number: "'^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$'",
  timestamp:
    "'^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:[0-9]{2})?)?)?$'",
};

/** Text, DuckDB's SQL, and Trino's where it is another. */
const table: readonly (readonly [text: string, duckdb: string, trino?: string])[] = [
  ['b and x > 1 and not b', '("b" AND ("x" > 1) AND (NOT "b"))'],
  ['b or b and b', '("b" OR ("b" AND "b"))'],
  ['not n = 1', '(NOT ("n" = 1))'],
  ['n != 1', '("n" <> 1)'],
  ['n is distinct from m', '("n" IS DISTINCT FROM "m")'],
  ['b is true', '("b" IS NOT DISTINCT FROM TRUE)'],
  ['b is not false', '(NOT ("b" IS NOT DISTINCT FROM FALSE))'],
  ['n is null', '("n" IS NULL)'],
  ['n is not null', '(NOT ("n" IS NULL))'],
  ['n -1', `TRY(("n" - BIGINT '1'))`],
  ['x + n * 2', `("x" + TRY(("n" * BIGINT '2')))`],
  ['1 - 2 - 3', `TRY((TRY((BIGINT '1' - BIGINT '2')) - BIGINT '3'))`],
  ['n / m', '("n" / nullif("m", 0))', '(CAST("n" AS DOUBLE) / nullif("m", 0))'],
  ['x / y', '("x" / nullif("y", 0))'],
  ['n % 2', `TRY(mod("n", nullif(BIGINT '2', 0)))`],
  ['mod(x, y)', 'mod("x", nullif("y", 0))'],
  ['-n', 'TRY((-"n"))'],
  ['-x + -0.5', '((-"x") + (-0.5E0))'],
  ['1e21 > x and x > 1e-7', '((1E21 > "x") AND ("x" > 1E-7))'],
  ['n > 3000000000', `("n" > BIGINT '3000000000')`],
  ['n between 1 and 3', '("n" BETWEEN 1 AND 3)'],
  ['n not between 1 and 3 or b', '((NOT ("n" BETWEEN 1 AND 3)) OR "b")'],
  ["s in ('a', 'it''s')", `("s" IN ('a', 'it''s'))`],
  ['n not in (1, 2)', '(NOT ("n" IN (1, 2)))'],
  ["s like 'A%'", `("s" LIKE 'A%')`],
  ["s not like '!%%' escape '!'", `(NOT ("s" LIKE '!%%' ESCAPE '!'))`],
  ["s || 'x'", `("s" || 'x')`],
  ["case when n > 1 then 'a' else s end", `(CASE WHEN ("n" > 1) THEN 'a' ELSE "s" END)`],
  ['case n when 1 then x end', `(CASE "n" WHEN BIGINT '1' THEN "x" END)`],
  [
    "t > '2026-01-31T12:00:00.5+01:00'",
    `("t" > TIMESTAMPTZ '2026-01-31 11:00:00.5+00')`,
    `("t" > TIMESTAMP '2026-01-31 11:00:00.5 UTC')`,
  ],
  [
    "t > date '2026-01-31'",
    `("t" > TIMESTAMPTZ '2026-01-31 00:00:00+00')`,
    `("t" > TIMESTAMP '2026-01-31 00:00:00 UTC')`,
  ],
  [
    'coalesce(null, t)',
    'coalesce(CAST(NULL AS TIMESTAMPTZ), "t")',
    'coalesce(CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE), "t")',
  ],
  ['cast(n as number)', 'CAST("n" AS DOUBLE)'],
  ['cast(x as integer)', 'TRY_CAST(round("x") AS BIGINT)'],
  ['cast(n as string)', 'CAST("n" AS VARCHAR)'],
  ['cast(s as integer)', `TRY_CAST(regexp_extract("s", ${shape.integer}) AS BIGINT)`],
  ['cast(s as double)', `TRY_CAST(regexp_extract("s", ${shape.number}) AS DOUBLE)`],
  [
    'cast(s as boolean)',
    `(CASE lower("s") WHEN 'true' THEN TRUE WHEN '1' THEN TRUE WHEN 'false' THEN FALSE WHEN '0' THEN FALSE END)`,
  ],
  [
    'cast(s as timestamp)',
    `TRY_CAST(regexp_extract("s", ${shape.timestamp}) AS TIMESTAMPTZ)`,
    `TRY(from_iso8601_timestamp_nanos(replace(regexp_extract("s", ${shape.timestamp}), ' ', 'T')))`,
  ],
  ['abs(n)', 'TRY(abs("n"))'],
  ['abs(x)', 'abs("x")'],
  ['round(x)', 'round("x")'],
  ['round(x, 2)', 'round("x", 2)'],
  ['round(n)', '"n"'],
  ['floor(x)', 'floor("x")'],
  ['ceiling(n)', '"n"'],
  ['sqrt(x)', '(CASE WHEN "x" >= 0 THEN sqrt("x") END)'],
  [
    'ln(x + 1)',
    `TRY(ln(("x" + BIGINT '1')))`,
    `ln(element_at(filter(ARRAY[("x" + BIGINT '1')], v -> v > 0), 1))`,
  ],
  ['exp(x)', 'exp("x")'],
  [
    'power(x, 2)',
    `nullif(power("x", BIGINT '2'), CAST('NaN' AS DOUBLE))`,
    `element_at(filter(ARRAY[power("x", BIGINT '2')], v -> NOT is_nan(v)), 1)`,
  ],
  ['least(n, m)', 'least("n", "m")', 'array_min(filter(ARRAY["n", "m"], v -> v IS NOT NULL))'],
  ['greatest(n, m)', 'greatest("n", "m")', 'array_max(filter(ARRAY["n", "m"], v -> v IS NOT NULL))'],
  ['nullif(n, 0)', `nullif("n", BIGINT '0')`],
  ['lower(s)', 'lower("s")'],
  ['upper(s)', 'upper("s")'],
  ['trim(s)', `trim("s", ' \t\n\v\f\r')`],
  ['length(s)', 'length("s")'],
  ['substr(s, 2, 3)', 'substr("s", 2, 3)'],
  ["starts_with(s, 'a')", `starts_with("s", 'a')`],
  ["ends_with(s, 'a')", `ends_with("s", 'a')`, `(strpos(reverse("s"), reverse('a')) = 1)`],
  ["contains(s, 'a')", `contains("s", 'a')`, `(strpos("s", 'a') > 0)`],
  ["regexp_matches(s, '^a+$')", `regexp_matches("s", '^a+$')`, `regexp_like("s", '^a+$')`],
  ["date_part('hour', t)", `date_part('hour', "t")`, `hour("t" AT TIME ZONE 'UTC')`],
  ['extract(year from t)', `date_part('year', "t")`, `year("t" AT TIME ZONE 'UTC')`],
  ['day_of_week(t)', `date_part('isodow', "t")`, `day_of_week("t" AT TIME ZONE 'UTC')`],
  [
    "date_diff('hour', t, u)",
    `((epoch_us("u") - epoch_us("t")) // 3600000000)`,
    `date_diff('hour', "t", "u")`,
  ],
  ['is_finite(x)', 'isfinite(CAST("x" AS DOUBLE))', 'is_finite(CAST("x" AS DOUBLE))'],
];

describe.each(table.map(([text, duckdb, trino = duckdb]) => [text, duckdb, trino] as const))(
  '%s',
  (text, duckdb, trino) => {
    const expression = parseExpression(text, columns);
    test('in DuckDB', () => expect(emitSql(expression, 'duckdb', quoteName)).toBe(duckdb));
    test('in Trino', () => expect(emitSql(expression, 'trino', quoteName)).toBe(trino));
  },
);

test('a column is read as the caller says', () => {
  expect(emitSql(parseExpression('x > 1', columns), 'duckdb', (name) => `source.${name}_typed`)).toBe(
    '(source.x_typed > 1)',
  );
});

test('what nests deeply is written in proportion to it', () => {
  const nested = parseExpression(`${'ln('.repeat(90)}n${')'.repeat(90)}`, columns);
  for (const dialect of ['duckdb', 'trino'] as const)
    expect(emitSql(nested, dialect, quoteName).length).toBeLessThan(90 * 60);
});
