import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import { type ColumnType, columnsOf } from './expression.ts';
import { parseCondition, parseExpression } from './parse.ts';

const columns: Readonly<Record<string, ColumnType>> = {
  start_at: 'timestamp',
  end_at: 'timestamp',
  discount: 'number',
  price: 'number',
  age: 'integer',
  name: 'string',
  active: 'boolean',
  'My Column': 'integer',
  'a"b': 'string',
  end: 'integer',
  größe: 'number',
};

const fault = (text: string): AppError => {
  try {
    parseExpression(text, columns);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};

describe('parseExpression', () => {
  test('tells the columns that are read, each once, and the type of the value', () => {
    const expression = parseExpression(
      'end_at >= start_at and (discount is null or discount <= price * 0.5)',
      columns,
    );
    expect(columnsOf(expression)).toEqual(['end_at', 'start_at', 'discount', 'price']);
    expect(expression.type).toBe('boolean');
  });

  test.each([
    ['age + 1', 'integer'],
    ['age / 2', 'number'],
    ['age * 0.5', 'number'],
    ['coalesce(discount, 0)', 'number'],
    ['least(age, 3)', 'integer'],
    ["case when active then 'a' end", 'string'],
    ["date_diff('day', start_at, end_at)", 'integer'],
    ['cast(name as timestamp)', 'timestamp'],
    ['"My Column"', 'integer'],
    ['AGE', 'integer'],
    ['größe', 'number'],
    ['"a""b"', 'string'],
  ])('%s is %s', (text, type) => expect(parseExpression(text, columns).type).toBe(type));

  test.each([
    ['price > age and name', 17, /'name' \(string\) is not/],
    ["age >= 'x'", 8, /'age' \(integer\) and ''x'' \(string\)/],
    ["price > '5'", 9, /write 5 without quotes/],
    ['name = 5', 8, /write '5'/],
    ['age = name', 7, /write cast\(name as integer\)/],
    ['age and active', 1, /compare it, for example: age > 0/],
    ['end_at - start_at > 5', 1, /date_diff/],
    ["end_at > '2026-02-30'", 10, /no date or time/],
    ['pric > 1', 1, /did you mean 'price'/],
    ['end > 1', 1, /quote it if it is a column: "end"/],
    ['age < 1 < 2', 9, /not chained/],
    ['age = null', 5, /is null/],
    ['age in (1, null)', 1, /null in a list/],
    ["name like 'a!' escape '!'", 11, /'!' stands before/],
    ["regexp_matches(name, '(?=a)')", 22, /look-around/],
    ['regexp_matches(name, name)', 22, /single quotes/],
    ['cast(price as string)', 1, /cast to integer first/],
    ['cast(age as blob)', 13, /a type: number/],
    ['substr(name, 0)', 14, /from 1/],
    ["date_diff('week', start_at, end_at)", 11, /'day'/],
    ['round()', 1, /round\(number \[, digits\]\)/],
    ['9223372036854775808', 1, /64 bits/],
    ['1e999', 1, /largest number/],
    ['', 1, /empty/],
    ['(age > 1', 9, /ends here instead of '\)'/],
    ['age >', 6, /ends here/],
    ["name = 'x", 8, /no closing quote/],
    ['age == 1', 5, /one =/],
    ['toString = 1', 1, /no column/],
    ['constructor(1)', 1, /no function/],
  ])('refuses %s at character %i', (text, column, message) => {
    const error = fault(text);
    expect(error.code).toBe('InvalidExpression');
    expect(error.message).toMatch(message);
    expect(error.details.violations).toMatchObject([{ line: 1, column }]);
  });

  test('tells the line of a fault in a text of several', () => {
    expect(fault('age > 1\n  and nam = 2').details.violations).toMatchObject([{ line: 2, column: 7 }]);
  });

  test.each([
    ['a comment at the end', "name = 'x' -- and more"],
    ['a comment within', 'age /* hidden */ > 1'],
    ['a second statement', 'age > 1; drop table rows'],
    ['a quote that ends the text early', "name = 'x' or ''='"],
    ['a nested select', 'age > (select max(age) from rows)'],
    ['a select in a list', 'age in (select 1)'],
    ['exists', 'exists (select 1)'],
    ['a union', 'age > 1 union select 1'],
    ['a file', "read_text('/etc/passwd') = ''"],
    ['a table function', "read_csv('/tmp/x')"],
    ['the environment', "getenv('HOME') = ''"],
    ['a catalogue', 'pg_sleep(10)'],
    ['a schema before a function', 'main.lower(name)'],
    ['a table before a column', 'rows.age > 1'],
    ['a setting', "current_setting('threads')"],
    ['attach', "attach '/tmp/x'"],
    ['copy', "copy rows to '/tmp/x'"],
    ['pragma', 'pragma version'],
    ['an aggregate', 'sum(age) > 1'],
    ['a count of all', 'count(*) > 1'],
    ['a window', 'row_number() over () = 1'],
    ['the clock', 'now() > end_at'],
    ['the clock without parentheses', 'current_timestamp > end_at'],
    ['chance', 'random() > 0.5'],
    ['a parameter by number', 'age > $1'],
    ['a parameter by place', 'age > ?'],
    ['a Unicode escape', "U&'\\0027'"],
    ['a text with escapes', "name = E'\\''"],
    ['a dollar quote', 'name = $$x$$'],
    ['another cast', 'age::varchar'],
    ['a lambda', 'list_filter([1], x -> x > 1)'],
    ['an array', 'age[1]'],
    ['typographic quotes', 'name = ‘x’'],
    ['an unseen space', 'age\u00a0> 1'],
    ['a NUL', "name = 'a\0b'"],
    ['half of a character', "name = '\ud800'"],
  ])('refuses %s', (_, text) => expect(fault(text).code).toBe('InvalidExpression'));

  test('a quote in a name or a text stays within it', () => {
    const quoted = parseExpression(`"a""b" = 'it''s; --'`, columns);
    expect(quoted).toMatchObject({ left: { name: 'a"b' }, right: { value: "it's; --" } });
  });

  test.each([
    ['10,000 parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['1,900 parentheses', `${'('.repeat(1900)}1${')'.repeat(1900)}`],
    ['a million characters', 'x'.repeat(1_000_000)],
    ['900 signs', ' -'.repeat(900)],
    ['900 times not', `${'not '.repeat(900)}active`],
    ['a sum of 900 parts', Array(900).fill('1').join('+')],
    ['900 open cases', 'case when '.repeat(390)],
  ])('refuses %s in little time', (_, text) => {
    const start = performance.now();
    expect(fault(text).message).toMatch(/characters|deep/);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('takes hundreds of conditions beside each other', () => {
    const text = Array(350).fill('active').join(' and ');
    expect(parseExpression(text, columns)).toMatchObject({ kind: 'logic', operands: { length: 350 } });
  });

  test('whatever the text, there is an expression or InvalidExpression', () => {
    const words = fc.constantFrom(
      ...Object.keys(columns),
      ..."and or not is null ( ) , + - * / % = < >= in like between case when then else end cast as ' \" 1 2.5 'x' abs lower".split(
        ' ',
      ),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.array(words, { maxLength: 30 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          parseExpression(given, columns);
        } catch (error) {
          if (!(error instanceof AppError && error.code === 'InvalidExpression')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseCondition', () => {
  test('refuses what is neither true nor false', () => {
    expect(() => parseCondition('price * 2', columns)).toThrow(/a condition must be boolean.*price \* 2 > 0/);
    expect(parseCondition('price > 2', columns).type).toBe('boolean');
  });
});
