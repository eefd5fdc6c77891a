import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnRule, DataContract } from '#services/projects/contract.ts';
import { checkObjects, contractOf } from '#test/doubles/checked-version.ts';

/** What an error rule says of rows, by TypeScript alone: no SQL. Rows are texts by column, `undefined` where the field is empty. */
type Row = Readonly<Record<string, string | undefined>>;
type Value = string | number | bigint | boolean;

function typedBy(text: string, { type }: ColumnRule): Value | undefined {
  switch (type) {
    case 'string':
      return text;
    case 'number': {
      const number = /^[+-]?(\d+([.]\d*)?|[.]\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(number) ? number : undefined;
    }
    case 'integer': {
      if (!/^[+-]?\d+([.]0+)?$/.test(text)) return undefined;
      const integer = BigInt(text.replace(/[.].*/, '').replace('+', ''));
      return integer >= -(2n ** 63n) && integer < 2n ** 63n ? integer : undefined;
    }
    case 'boolean':
      return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()];
    case 'timestamp': {
      const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
      return Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text
        ? undefined
        : milliseconds;
    }
  }
}

function breaksColumn(text: string | undefined, rule: ColumnRule): boolean {
  if (text === undefined) return !rule.nullable;
  const value = typedBy(text, rule);
  if (value === undefined) return true;
  const bound = (limit: string | number) => (typeof limit === 'string' ? Date.parse(limit) : limit);
  const length = [...text].length;
  return (
    (rule.min !== undefined && (value as number) < bound(rule.min)) ||
    (rule.max !== undefined && (value as number) > bound(rule.max)) ||
    (rule.allowed !== undefined && !rule.allowed.some((allowed) => String(allowed) === String(value))) ||
    (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`, 'u').test(text)) ||
    length < (rule.minLength ?? 0) ||
    length > (rule.maxLength ?? Number.POSITIVE_INFINITY)
  );
}

/** The rows of uploads (each an array) that break an error rule. */
function badRows(uploads: readonly (readonly Row[])[], contract: DataContract): Set<Row> {
  const bad = new Set<Row>();
  for (const rows of uploads) {
    for (const row of rows)
      for (const [name, rule] of Object.entries(contract.columns))
        if (breaksColumn(row[name], rule)) bad.add(row);
    const unique = Object.keys(contract.columns).filter(
      (name) => name === contract.primaryKey || contract.columns[name]!.unique,
    );
    for (const name of unique)
      for (const group of Map.groupBy(rows, (row) => keyOf(row[name], contract.columns[name]!)).entries())
        if (group[0] !== undefined && group[1].length > 1) for (const row of group[1]) bad.add(row);
  }
  return bad;
}

const keyOf = (text: string | undefined, rule: ColumnRule): string | undefined => {
  const value = text === undefined ? undefined : typedBy(text, rule);
  return value === undefined ? undefined : String(Object.is(value, -0) ? 0 : value);
};

const anyText = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '2',
    '1.0',
    '+1',
    '1.5',
    '-0',
    '007',
    '1e2',
    'true',
    'FALSE',
    'a',
    'ab',
    'é',
    '日本',
  ),
  fc.constantFrom(
    '2026-01-01',
    '2026-02-29',
    '2024-02-29',
    'inf',
    'nan',
    '=1+1',
    "'",
    '"',
    ' ',
    'a,b',
    'a\nb',
    '--',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
);
const rules: Readonly<Record<ColumnRule['type'], fc.Arbitrary<object>>> = {
  number: fc.record(
    {
      min: fc.integer({ min: -3, max: 0 }),
      max: fc.integer({ min: 0, max: 3 }),
      allowed: fc.constant([0, 1, 1.5]),
    },
    { requiredKeys: [] },
  ),
  integer: fc.record(
    { min: fc.constantFrom(-1, -0.5, 0), max: fc.constantFrom(1, 1.5, 7), allowed: fc.constant([0, 1, 2]) },
    { requiredKeys: [] },
  ),
  boolean: fc.record({ allowed: fc.constant([true]) }, { requiredKeys: [] }),
  timestamp: fc.record(
    { min: fc.constant('2025-01-01'), max: fc.constant('2026-01-01') },
    { requiredKeys: [] },
  ),
  string: fc.record(
    {
      minLength: fc.constantFrom(0, 1),
      maxLength: fc.constantFrom(1, 2),
      pattern: fc.constant('[a-z0-9]+'),
      allowed: fc.constant(['a', 'ab', '1']),
    },
    { requiredKeys: [] },
  ),
};
const anyColumn = fc
  .constantFrom<ColumnRule['type'][]>('number', 'integer', 'boolean', 'timestamp', 'string')
  .chain((type) =>
    fc
      .record({ nullable: fc.boolean(), unique: fc.boolean(), rule: rules[type] })
      .map(({ rule, ...others }) => ({ type, ...others, ...rule })),
  );
const anyVersion = fc
  .dictionary(fc.constantFrom('x', 'y "z"', "w'"), anyColumn, { minKeys: 1, maxKeys: 3 })
  .chain((columns) => {
    const row = fc.record(
      Object.fromEntries(
        ['id', ...Object.keys(columns)].map((name) => [
          name,
          fc.option(anyText, { nil: undefined, freq: 6 }),
        ]),
      ),
    ) as fc.Arbitrary<Row>;
    return fc.record({
      columns: fc.constant(columns),
      uploads: fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
    });
  });

const field = (text: string | undefined): string =>
  text === undefined ? '' : `"${text.replaceAll('"', '""')}"`;

it('puts each row in one place: into quarantine exactly where an independent oracle says that it breaks an error rule', async () => {
  await fc.assert(
    fc.asyncProperty(anyVersion, async ({ columns, uploads }) => {
      const contract = contractOf({ columns });
      const names = Object.keys(contract.columns);
      const lines = uploads.map((rows) => [names, ...rows.map((row) => names.map((name) => row[name]))]);
      const contents = lines.map((rows) => `${rows.map((row) => row.map(field).join(',')).join('\n')}\n`);
      const { quarantined, validated, rows } = await checkObjects(contract, contents, { columns: names });
      const bad = badRows(uploads, contract);
      const all = uploads.flat();
      const textsOf = (row: Row) => names.map((name) => row[name] ?? null);
      expect(quarantined.map((row) => names.map((name) => row[name]))).toEqual(
        all.filter((row) => bad.has(row)).map(textsOf),
      );
      expect(validated.map(({ id }) => id)).toEqual(all.filter((row) => !bad.has(row)).map(({ id }) => id));
      expect(validated.length + quarantined.length).toBe(rows);
      expect(rows).toBe(all.length);
    }),
    { numRuns: 40 },
  );
}, 120_000);
