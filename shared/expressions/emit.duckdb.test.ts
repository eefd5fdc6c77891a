import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DuckDb, quoteName, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { emitSql } from './emit.ts';
import type { ColumnType } from './expression.ts';
import { parseExpression } from './parse.ts';

const columns: Readonly<Record<string, ColumnType>> = {
  t: 'timestamp',
  u: 'timestamp',
  x: 'number',
  n: 'integer',
  s: 'string',
  b: 'boolean',
  'odd "name"; --': 'integer',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'expressions-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Two rows: one whose values are all there, and one of NULLs. */
async function withRows(run: (database: DuckDb) => Promise<void>): Promise<void> {
  await withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
    await database.run(`CREATE TABLE given AS SELECT * FROM (VALUES
      (1, TIMESTAMPTZ '2026-01-31 10:20:30.5+00', TIMESTAMPTZ '2026-02-03 10:20:30+00', -2.5::DOUBLE, 7::BIGINT, ' Ab_ß', true, 1::BIGINT),
      (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) AS given(row, t, u, x, n, s, b, ${quoteName('odd "name"; --')})`);
    await run(database);
  });
}

async function valuesOf(database: DuckDb, text: string): Promise<unknown[]> {
  const sql = emitSql(parseExpression(text, columns), 'duckdb', quoteName);
  const rows = await database.rows<{ value: unknown }>(`SELECT ${sql} AS value FROM given ORDER BY row`);
  return rows.map(({ value }) => value);
}

describe('DuckDB', () => {
  test('gives the value, and NULL as SQL has it', () =>
    withRows(async (database) => {
      for (const [text, value, ofNulls] of [
        ['n > 5 and x < 0', true, null],
        ['n > 5 or n is null', true, true],
        ['n < 5 and x < 0', false, null],
        ['n is null or n < 5', false, true],
        ['not b', false, null],
        ['b is true', true, false],
        ['b is not true', false, true],
        ['n is distinct from 7', false, true],
        ['n between 7 and 7', true, null],
        ['n not in (1, 2)', true, null],
        ["s like ' A%'", true, null],
        ["s like '%!_%' escape '!'", true, null],
        ["case when n > 5 then 'big' else 'small' end", 'big', 'small'],
        ['case n when 7 then 1 end', 1n, null],
        ['n / 2', 3.5, null],
        ['n / 0', null, null],
        ['n % 0', null, null],
        ['n % -4', 3n, null],
        ['x % 2', -0.5, null],
        ['9223372036854775807 + n', null, null],
        ['9223372036854775807 + 0', 9223372036854775807n, 9223372036854775807n],
        ['100000 * 100000', 10_000_000_000n, 10_000_000_000n],
        ['-(-9223372036854775808)', null, null],
        ['abs(-9223372036854775808)', null, null],
        ['sqrt(x)', null, null],
        ['sqrt(n + 2)', 3, null],
        ['ln(n - 7)', null, null],
        ['power(x, 0.5)', null, null],
        ['is_finite(exp(1000))', false, false],
        ['round(x)', -3, null],
        ['round(1.005 * 100, 1)', 100.5, 100.5],
        ['floor(x)', -3, null],
        ['least(n, 3, null)', 3n, 3n],
        ['coalesce(n, 0)', 7n, 0n],
        ['nullif(n, 7)', null, null],
        ['trim(s)', 'Ab_ß', null],
        ["lower(trim(s)) || '!'", 'ab_ß!', null],
        ['length(s)', 5n, null],
        ['substr(s, 2, 2)', 'Ab', null],
        ["starts_with(s, ' A') and ends_with(s, 'ß') and contains(s, 'b_')", true, null],
        ["regexp_matches(s, '^[ A-Z]+b')", true, null],
        ["date_part('month', t)", 1n, null],
        ['day_of_week(t)', 6n, null],
        ["date_diff('day', t, u)", 2n, null],
        ["t < '2026-01-31T12:00:00+01:00'", true, null],
        ['cast(x as integer)', -3n, null],
        ["cast('1.5' as integer)", null, null],
        ["cast('nan' as number)", null, null],
        ["cast('-1.5e3' as number)", -1500, -1500],
        ["cast('True' as boolean)", true, true],
        ["cast('2026-02-30' as timestamp) is null", true, true],
        ["cast('2026-02-03T10:20:30Z' as timestamp) = u", true, null],
        ['cast(b as integer)', 1n, null],
        ['cast(n as string)', '7', null],
        ['"odd ""name""; --" = 1', true, null],
        ["'it''s; -- \"x\"' = s", false, null],
      ] as const) {
        expect([text, ...(await valuesOf(database, text))]).toEqual([text, value, ofNulls]);
      }
    }));

  test('runs whatever can be said', () =>
    withRows(async (database) => {
      await fc.assert(
        fc.asyncProperty(anyExpression, async (text) => {
          expect(await valuesOf(database, text)).toHaveLength(2);
        }),
        { numRuns: 500 },
      );
    }));
});

const join2 = (template: (one: string, other: string) => string) => (pair: readonly [string, string]) =>
  template(pair[0], pair[1]);

/** Texts of expressions by type, of all constructs and functions. */
const generated = fc.letrec<Record<'number' | 'string' | 'boolean' | 'timestamp', string>>((tie) => {
  const [number, text, truth, time] = [tie('number'), tie('string'), tie('boolean'), tie('timestamp')];
  const quoted = fc.string().map((value) => `'${value.replaceAll('\0', '').replaceAll("'", "''")}'`);
  const shape = { depthSize: 'small', maxDepth: 5 } as const;
  const pick = (...words: string[]) => fc.constantFrom(...words);
  return {
    number: fc.oneof(
      shape,
      pick(
        'n',
        'x',
        '0',
        '1',
        '-1',
        'cast(null as number)',
        '9223372036854775807',
        '-9223372036854775808',
        '"odd ""name""; --"',
      ),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential()),
      fc.tuple(number, pick('+', '-', '*', '/', '%'), number).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc
        .tuple(pick('abs', 'round', 'floor', 'ceil', 'sqrt', 'ln', 'exp', '-'), number)
        .map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(pick('power', 'mod', 'least', 'greatest', 'coalesce', 'nullif'), number, number)
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
      fc.tuple(truth, number, number).map(([when, a, b]) => `case when ${when} then ${a} else ${b} end`),
      fc.tuple(number, number).map(join2((a, b) => `case ${a} when ${b} then 1 end`)),
      fc.tuple(pick('integer', 'number'), fc.oneof(number, text)).map(([type, a]) => `cast(${a} as ${type})`),
      fc
        .tuple(pick('year', 'week', 'day_of_week', 'day_of_year', 'quarter', 'second'), time)
        .map(([field, a]) => `date_part('${field}', ${a})`),
      fc
        .tuple(pick('day', 'hour', 'minute', 'second'), time, time)
        .map(([unit, a, b]) => `date_diff('${unit}', ${a}, ${b})`),
      text.map((a) => `length(${a})`),
    ),
    string: fc.oneof(
      shape,
      quoted,
      pick('s', 'null'),
      fc.tuple(text, text).map(join2((a, b) => `(${a} || ${b})`)),
      fc.tuple(pick('lower', 'upper', 'trim'), text).map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(text, fc.nat(9), fc.nat(9))
        .map(([a, start, length]) => `substr(${a}, ${start + 1}, ${length})`),
      truth.map((a) => `cast(${a} as string)`),
    ),
    boolean: fc.oneof(
      shape,
      pick('b', 'true', 'false', 'cast(null as boolean)'),
      fc.tuple(truth, pick('and', 'or'), truth).map(([a, word, b]) => `(${a} ${word} ${b})`),
      truth.map((a) => `not ${a}`),
      fc
        .tuple(number, pick('=', '<>', '<', '>=', 'is distinct from'), fc.constantFrom('n', 'x', '2'))
        .map(([a, sign, b]) => `(coalesce(${a}, 0) ${sign} ${b})`),
      fc.tuple(text, quoted).map(join2((a, b) => `(${a} is not distinct from ${b})`)),
      fc.tuple(number, number, number).map(([a, b, c]) => `(${a} not between ${b} and ${c})`),
      fc.tuple(text, quoted, quoted).map(([a, b, c]) => `(${a} in (${b}, ${c}))`),
      fc.tuple(text, quoted).map(join2((a, b) => `(${a} like ${b})`)),
      fc
        .tuple(pick('starts_with', 'ends_with', 'contains'), text, text)
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
      text.map((a) => `regexp_matches(${a}, '^a|b$')`),
      number.map((a) => `is_finite(${a})`),
      fc.oneof(number, text, truth, time).map((a) => `(${a} is not null)`),
      text.map((a) => `cast(${a} as boolean)`),
    ),
    timestamp: fc.oneof(
      shape,
      pick(
        't',
        'u',
        'cast(null as timestamp)',
        "'2026-01-31'",
        "timestamp '0001-01-01'",
        "timestamp '9999-12-31T23:59:59.999999Z'",
      ),
      text.map((a) => `cast(${a} as timestamp)`),
      fc.tuple(time, time).map(join2((a, b) => `coalesce(${a}, ${b}, t)`)),
    ),
  };
});
const anyExpression = fc.oneof(generated.number, generated.string, generated.boolean, generated.timestamp);
