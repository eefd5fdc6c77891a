import { describe, expect, it } from 'vitest';
import { checkObjects, contractOf, type GivenObject } from '#test/doubles/checked-version.ts';

type Failed = Record<string, number>;

/** Checks one CSV file of the columns id and x (or those that its header names), and says which checks fail how many rows. */
async function failing(x: object, content: string | GivenObject, rules: object[] = [], more: object = {}) {
  const text = typeof content === 'string' ? content : String(content.content);
  const columns = text.split('\n', 1)[0]!.split(',');
  const { columns: others = {}, ...members } = more as { columns?: object };
  const contract = contractOf({ columns: { x, ...others }, rules, ...members });
  const result = await checkObjects(contract, [content], { columns });
  const rows = text.trim().split('\n').length - 1;
  expect([result.rows, result.validated.length + result.quarantined.length]).toEqual([rows, rows]);
  expect(result.quarantined.length).toBe(result.quarantinedRows);
  return result.failed;
}

const csv = (...values: string[]) =>
  `id,x\n${values.map((value, index) => `r${index},${value}`).join('\n')}\n`;
const nullable = (type: string, members: object = {}) => ({ type, nullable: true, ...members });

describe('checks of a column', () => {
  it.each<[string, object, string[], Failed]>([
    ['not_null: values', { type: 'number' }, ['1', '0'], {}],
    ['not_null: an empty field', { type: 'number' }, ['1', ''], { 'not_null:x': 1 }],
    ['not_null: a quoted empty field', { type: 'string' }, ['a', '""'], { 'not_null:x': 1 }],
    ['not_null: may be missing', nullable('number'), ['1', ''], {}],
    ['not_null: a space is a value', { type: 'string' }, ['a', '" "'], {}],

    ['number: forms of numbers', { type: 'number' }, ['1', '-1.5', '1e3', '+2', '.5', '-0'], {}],
    ['number: text', { type: 'number' }, ['abc', '1,5'.replace(',', ';'), '0x'], { 'type:x': 3 }],
    ['number: what is not finite', { type: 'number' }, ['inf', '-inf', 'nan', '1e999'], { 'type:x': 4 }],
    ['number: missing is no wrong type', nullable('number'), ['', '1'], {}],

    ['integer: forms of integers', { type: 'integer' }, ['1', '-7', '+3', '1.0', '007', '-0'], {}],
    ['integer: 64 bits', { type: 'integer' }, ['9223372036854775807', '-9223372036854775808'], {}],
    ['integer: one more', { type: 'integer' }, ['9223372036854775808'], { 'type:x': 1 }],
    [
      'integer: fractions and other numbers',
      { type: 'integer' },
      ['1.5', '1e3', '1_000', ' 1'],
      { 'type:x': 4 },
    ],
    ['integer: missing', nullable('integer'), ['', '5'], {}],

    ['boolean: all its forms', { type: 'boolean' }, ['true', 'FALSE', '1', '0'], {}],
    ['boolean: other words', { type: 'boolean' }, ['yes', 't', '2'], { 'type:x': 3 }],

    [
      'timestamp: ISO 8601',
      { type: 'timestamp' },
      ['2026-01-01', '2026-01-01T10:00:00Z', '2026-01-01 10:00:00.5'],
      {},
    ],
    ['timestamp: with a zone', { type: 'timestamp' }, ['2026-01-01T10:00:00+02:00'], {}],
    [
      'timestamp: other forms',
      { type: 'timestamp' },
      ['01/02/2026', 'today', 'infinity', '1767225600'],
      { 'type:x': 4 },
    ],
    [
      'timestamp: no such day',
      { type: 'timestamp' },
      ['2026-02-29', '2024-02-29', '2026-13-01'],
      { 'type:x': 2 },
    ],
    [
      'timestamp: a format',
      { type: 'timestamp', format: '%d.%m.%Y' },
      ['31.12.2026', '2026-12-31'],
      { 'type:x': 1 },
    ],

    ['range: bounds belong to it', { type: 'number', min: 0, max: 5 }, ['0', '5'], {}],
    ['range: just outside', { type: 'number', min: 0, max: 5 }, ['-1e-9', '5.0000001'], { 'range:x': 2 }],
    ['range: missing', nullable('number', { min: 1 }), ['', '1'], {}],
    ['range: only a greatest', { type: 'integer', max: 9 }, ['-99', '10'], { 'range:x': 1 }],
    [
      'range: a fraction bounds integers',
      { type: 'integer', min: 0.5, max: 1.5 },
      ['0', '1', '2'],
      { 'range:x': 2 },
    ],
    [
      'range: exact beyond 2^53',
      { type: 'integer', max: 9007199254740992 },
      ['9007199254740993'],
      { 'range:x': 1 },
    ],
    ['range: bounds that no integer reaches', { type: 'integer', min: 1e30 }, ['5'], { 'range:x': 1 }],
    [
      'range: times',
      { type: 'timestamp', min: '2026-01-01', max: '2026-01-31T12:00:00Z' },
      ['2026-01-01', '2026-01-31T12:00:00Z', '2026-01-31T12:00:01Z', '2025-12-31T23:59:59Z'],
      { 'range:x': 2 },
    ],
    ['range: a wrong type is not out of range', { type: 'number', min: 5 }, ['abc'], { 'type:x': 1 }],

    ['allowed: texts', { type: 'string', allowed: ["it's", 'b'] }, ["it's", 'b', 'B'], { 'allowed:x': 1 }],
    ['allowed: classes', { type: 'integer', allowed: [0, 1] }, ['0', '1.0', '2'], { 'allowed:x': 1 }],
    ['allowed: numbers', { type: 'number', allowed: [0.1] }, ['0.1', '1e-1', '0.2'], { 'allowed:x': 1 }],
    ['allowed: booleans', { type: 'boolean', allowed: [true] }, ['1', 'true', '0'], { 'allowed:x': 1 }],
    [
      'allowed: times',
      { type: 'timestamp', allowed: ['2026-01-01'] },
      ['2026-01-01T00:00:00Z', '2026-01-02'],
      { 'allowed:x': 1 },
    ],
    ['allowed: missing', nullable('string', { allowed: ['a'] }), ['', 'a'], {}],

    [
      'pattern: the whole text',
      { type: 'string', pattern: '[a-z]+' },
      ['abc', 'abc1', '1abc'],
      { 'pattern:x': 2 },
    ],
    ['pattern: alternatives', { type: 'string', pattern: 'a|bc' }, ['a', 'bc', 'abc'], { 'pattern:x': 1 }],
    ['pattern: missing', nullable('string', { pattern: 'a' }), ['', 'a'], {}],
    ['pattern: a quote', { type: 'string', pattern: "it's \\d" }, ["it's 5", 'its 5'], { 'pattern:x': 1 }],

    ['length: bounds belong to it', { type: 'string', minLength: 2, maxLength: 3 }, ['ab', 'abc'], {}],
    ['length: outside', { type: 'string', minLength: 2, maxLength: 3 }, ['a', 'abcd'], { 'length:x': 2 }],
    [
      'length: characters, not bytes',
      { type: 'string', maxLength: 2 },
      ['äö', '日本', '日本語'],
      { 'length:x': 1 },
    ],
    ['length: missing', nullable('string', { minLength: 1 }), ['', 'a'], {}],

    ['unique: different values', { type: 'number', unique: true }, ['1', '2'], {}],
    [
      'unique: the same value in two forms',
      { type: 'number', unique: true },
      ['1', '1.0', '2'],
      { 'unique:x': 2 },
    ],
    ['unique: missing values', nullable('number', { unique: true }), ['', '', '1'], {}],
    ['unique: values of a wrong type', { type: 'number', unique: true }, ['abc', 'abc'], { 'type:x': 2 }],
    [
      'unique: all rows of the same value',
      { type: 'string', unique: true },
      ['a', 'a', 'a'],
      { 'unique:x': 3 },
    ],
  ])('%s', async (_what, column, values, failed) => {
    expect(await failing(column, csv(...values))).toEqual(failed);
  });

  it('fail a key that is missing or comes again', async () => {
    const content = 'id,x\n,1\na,1\na,2\nb,3\n';
    expect(await failing({ type: 'number' }, content)).toEqual({ 'not_null:id': 1, 'unique:id': 2 });
  });

  it('fail every row of an absent column that must be there', async () => {
    expect(await failing({ type: 'number' }, 'id\na\nb\n')).toEqual({ 'not_null:x': 2 });
  });

  it('take the texts that a contract names for missing values, in CSV files', async () => {
    const missing = { missingValues: ['NA', "n'a"] };
    expect(await failing({ type: 'number' }, csv('NA', "n'a", '1'), [], missing)).toEqual({
      'not_null:x': 2,
    });
    expect(await failing(nullable('number'), csv('NA', "n'a", '-'), [], missing)).toEqual({ 'type:x': 1 });
  });
});

describe('rules', () => {
  const y = { columns: { y: { type: 'integer', nullable: true } } };
  it.each<[string, object, string, object, Failed]>([
    [
      'unique of several columns',
      { check: 'unique', columns: ['x', 'y'] },
      'id,x,y\na,1,1\nb,1,2\nc,1,1\n',
      y,
      { 'unique:x+y': 2 },
    ],
    [
      'unique of several columns, one missing',
      { check: 'unique', columns: ['x', 'y'] },
      'id,x,y\na,1,\nb,1,\n',
      y,
      {},
    ],
    ['an expression that holds', { check: 'expression', sql: 'x > y' }, 'id,x,y\na,2,1\n', y, {}],
    [
      'an expression that is false',
      { check: 'expression', sql: 'x > y', name: 'order' },
      'id,x,y\na,1,1\nb,2,1\n',
      y,
      { 'expression:order': 1 },
    ],
    ['an expression that is unknown', { check: 'expression', sql: 'x > y' }, 'id,x,y\na,1,\n', y, {}],
    [
      'an expression that divides by zero',
      { check: 'expression', sql: 'x / y > 0' },
      'id,x,y\na,1,0\n',
      y,
      {},
    ],
    [
      'a rule of not_null',
      { check: 'not_null', column: 'y' },
      'id,x,y\na,1,\nb,1,1\n',
      y,
      { 'not_null:y': 1 },
    ],
    [
      'a rule of range',
      { check: 'range', column: 'y', min: 5 },
      'id,x,y\na,1,4\nb,1,5\nc,1,\n',
      y,
      { 'range:y': 1 },
    ],
    [
      'outliers by quartiles',
      { check: 'outliers', column: 'x', method: 'iqr' },
      csv('1', '2', '3', '4', '100'),
      {},
      { 'outliers:x': 1 },
    ],
    [
      'outliers by deviations',
      { check: 'outliers', column: 'x', method: 'z', threshold: 1.5 },
      csv('1', '2', '3', '4', '100'),
      {},
      { 'outliers:x': 1 },
    ],
    [
      'outliers by the median',
      { check: 'outliers', column: 'x', method: 'mad' },
      csv('1', '2', '3', '4', '-100'),
      {},
      { 'outliers:x': 1 },
    ],
    [
      'outliers where all values are the same',
      { check: 'outliers', column: 'x', method: 'iqr' },
      csv('1', '1', '1', '1', '2'),
      {},
      {},
    ],
  ])('%s', async (_what, rule, content, more, failed) => {
    expect(await failing({ type: 'number' }, content, [rule], more)).toEqual(failed);
  });

  it('that warn leave rows where they are, and say so', async () => {
    const contract = contractOf({
      columns: { x: { type: 'number' } },
      rules: [
        { check: 'range', column: 'x', max: 1, severity: 'warn', owner: 'ada', note: 'why', name: 'small' },
      ],
    });
    const result = await checkObjects(contract, [csv('1', '2')], { columns: ['id', 'x'] });
    expect([result.verdict, result.quarantinedRows, result.validRows]).toEqual(['Warn', 0, 2]);
    expect(result.checks.at(-1)).toEqual({
      check: 'range',
      column: 'x',
      name: 'small',
      owner: 'ada',
      note: 'why',
      severity: 'warn',
      outcome: 'failed',
      passed: false,
      observed: '1 row breaks it (50 %)',
      expected: 'at most 1',
      failingRows: 1,
      samples: [{ id: 'r1', x: '2' }],
    });
  });

  it.each([
    ['error', 0.5, 'Warn', 1],
    ['error', 0.51, 'Fail', 1],
    ['warn', 0.5, 'Pass', 0],
    ['warn', 0.51, 'Warn', 0],
  ])(
    'of severity %s that %d of the rows must keep give %s',
    async (severity, mostly, verdict, quarantined) => {
      const contract = contractOf({
        columns: { x: { type: 'number' } },
        rules: [{ check: 'range', column: 'x', max: 1, severity, mostly }],
      });
      const result = await checkObjects(contract, [csv('1', '2')], { columns: ['id', 'x'] });
      expect([result.verdict, result.quarantinedRows]).toEqual([verdict, quarantined]);
      expect(result.validated).toHaveLength(verdict === 'Fail' ? 0 : 2 - quarantined);
    },
  );
});
