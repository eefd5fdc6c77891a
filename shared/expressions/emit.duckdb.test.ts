import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DuckDb, quoteName, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { anyRow, expressionsOf } from '#test/fixtures/expressions/arbitrary.ts';
import { exampleColumns, exampleRows, examples } from '#test/fixtures/expressions/examples.ts';
import { sqlTypes } from './dialect.ts';
import { emitSql } from './emit.ts';
import { compileExpression } from './evaluate.ts';
import { lowerText, upperText } from './letter-case.ts';
import { parseExpression } from './parse.ts';
import type { Value } from './values.ts';

type Row = Readonly<Record<string, Value>>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'expressions-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function withRows(rows: readonly Row[], run: (database: DuckDb) => Promise<void>): Promise<void> {
  await withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
    const columns = Object.entries(exampleColumns);
    await database.run(
      `CREATE TABLE given (row BIGINT, ${columns.map(([name, type]) => `${quoteName(name)} ${sqlTypes.duckdb[type]}`).join(', ')})`,
    );
    const places = columns.map(([, type], index) =>
      type === 'timestamp'
        ? `make_timestamp($${index + 2}::BIGINT)::TIMESTAMPTZ`
        : `$${index + 2}::${sqlTypes.duckdb[type]}`,
    );
    for (const [index, row] of rows.entries()) {
      const values = [index, ...columns.map(([name]) => bound(row[name]))];
      await database.run(`INSERT INTO given VALUES ($1, ${places.join(', ')})`, values);
    }
    await run(database);
  });
}

/** DuckDB's client takes whole numbers for integers, and not the greatest of them. */
function bound(value: Value | undefined): Exclude<Value, number | bigint> {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return typeof value === 'bigint' ? String(value) : (value ?? null);
}

/** What DuckDB answers for each row: timestamps in microseconds, and texts whole, although reading one drops a leading U+FEFF. */
async function valuesOf(database: DuckDb, text: string): Promise<Value[]> {
  const expression = parseExpression(text, exampleColumns);
  const sql = emitSql(expression, 'duckdb', quoteName);
  const read = { timestamp: `epoch_us(${sql})`, string: `'|' || (${sql})` } as Record<string, string>;
  const rows = await database.rows<{ value: Value }>(
    `SELECT ${read[expression.type] ?? sql} AS value FROM given ORDER BY row`,
  );
  return rows.map(({ value }) =>
    expression.type === 'string' && typeof value === 'string' ? value.slice(1) : value,
  );
}

function evaluated(text: string, rows: readonly Row[]): Value[] {
  const evaluate = compileExpression(parseExpression(text, exampleColumns));
  return rows.map(evaluate);
}

describe('DuckDB', () => {
  test('gives the value, and NULL as SQL has it', () =>
    withRows(exampleRows, async (database) => {
      for (const [text, value, ofNulls] of examples)
        expect([text, ...(await valuesOf(database, text))]).toEqual([text, value, ofNulls]);
    }));

  test('runs whatever can be said', () =>
    withRows(exampleRows, async (database) => {
      const { number, string, boolean, timestamp } = expressionsOf({ inexact: true });
      await fc.assert(
        fc.asyncProperty(fc.oneof(number, string, boolean, timestamp), async (text) => {
          expect(await valuesOf(database, text)).toHaveLength(2);
        }),
        { numRuns: 500 },
      );
    }));
});

/** How many random expressions are compared, each on so many random rows. EXPRESSION_RUNS makes it more. */
const numRuns = Number(process.env['EXPRESSION_RUNS'] ?? 200);
const rows = fc.sample(anyRow, { numRuns: 100, ...(process.env['EXPRESSION_RUNS'] ? {} : { seed: 7 }) });

describe('the evaluator', () => {
  test('gives the value, and NULL as SQL has it', () => {
    for (const [text, value, ofNulls] of examples)
      expect([text, ...evaluated(text, exampleRows)]).toEqual([text, value, ofNulls]);
  });

  test('answers what DuckDB answers, to the bit', { timeout: 600_000 }, () =>
    withRows(rows, async (database) => {
      const { number, string, boolean, timestamp } = expressionsOf({ inexact: false });
      await fc.assert(
        fc.asyncProperty(fc.oneof(number, string, boolean, timestamp), async (text) => {
          expect(evaluated(text, rows)).toEqual(await valuesOf(database, text));
        }),
        { numRuns },
      );
    }),
  );

  test('differs from DuckDB by the last digit of ln, exp and power at most', { timeout: 600_000 }, () =>
    withRows(rows, async (database) => {
      const { number } = expressionsOf({ inexact: false });
      const call = fc.oneof(
        fc.tuple(fc.constantFrom('ln', 'exp'), number).map(([name, a]) => `${name}(${a})`),
        fc.tuple(number, number).map(([a, b]) => `power(${a}, ${b})`),
      );
      await fc.assert(
        fc.asyncProperty(call, async (text) => {
          const expected = await valuesOf(database, text);
          for (const [index, value] of evaluated(text, rows).entries())
            expect([text, rows[index], value, expected[index], isNear(value, expected[index]!)]).toContain(
              true,
            );
        }),
        { numRuns: Math.min(numRuns, 1000) },
      );
    }),
  );

  test('has every letter’s lower and upper case as DuckDB has it', { timeout: 60_000 }, () =>
    withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
      const changing = await database.rows<{ code: number; lower: string; upper: string }>(
        `SELECT code::INTEGER AS code, lower(chr(code::INTEGER)) AS lower, upper(chr(code::INTEGER)) AS upper
         FROM range(1, 1114112) AS codes(code)
         WHERE code NOT BETWEEN 55296 AND 57343
           AND (lower(chr(code::INTEGER)) <> chr(code::INTEGER) OR upper(chr(code::INTEGER)) <> chr(code::INTEGER))`,
      );
      const expected = new Map(changing.map(({ code, lower, upper }) => [code, [lower, upper]]));
      const different: string[] = [];
      for (let code = 1; code <= 0x10ffff; code++) {
        const letter = String.fromCodePoint(code);
        const [lower, upper] = expected.get(code) ?? [letter, letter];
        if (letter.isWellFormed() && (lowerText(letter) !== lower || upperText(letter) !== upper))
          different.push(letter);
      }
      expect(expected.size).toBeGreaterThan(2000);
      expect(different).toEqual([]);
    }),
  );
});

const bits = new DataView(new ArrayBuffer(8));
const bitsOf = (value: number): bigint => {
  bits.setFloat64(0, value);
  return bits.getBigInt64(0);
};

function isNear(one: Value, other: Value): boolean {
  if (typeof one !== 'number' || typeof other !== 'number' || Object.is(one, other))
    return one === other || Object.is(one, other);
  const distance = bitsOf(one) - bitsOf(other);
  return distance >= -1n && distance <= 1n;
}
