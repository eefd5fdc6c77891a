import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { columnProfile } from '../../contract.ts';
import { type ProfiledColumn, profileRows } from './profile-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const within = <Result>(run: (database: DuckDb) => Promise<Result>) =>
  withDuckDb({ folder, functionMemoryMb: 500 }, run);
const text = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

/** Profiles one column of texts. */
async function profileTexts(
  values: readonly (string | null)[],
  column: Partial<ProfiledColumn> = {},
  missingValues: readonly string[] = [],
) {
  const rows =
    values.length === 0
      ? 'SELECT NULL::VARCHAR AS c WHERE false'
      : `SELECT * FROM (VALUES ${values.map((value) => `(${text(value)}::VARCHAR)`).join(', ')}) t(c)`;
  return within(async (database) => {
    const [profile] = await profileRows(database, `(${rows})`, [{ name: 'c', ...column }], { missingValues });
    return columnProfile.parse(profile);
  });
}
const profileSql = (sql: string, column: Partial<ProfiledColumn> = {}) =>
  within(async (database) =>
    columnProfile.parse((await profileRows(database, `(${sql})`, [{ name: 'c', ...column }]))[0]),
  );

describe('the inferred type of texts', { timeout: 30_000 }, () => {
  it.each([
    ['integers', ['1', '-2', '+30', '0'], 'integer'],
    ['integers and fractions', ['1', '2.5'], 'number'],
    ['whole numbers with a decimal point', ['1.0', '2.0'], 'number'],
    ['exponents', ['1e5', '2'], 'number'],
    ['integers beyond 64 bits', ['1', '99999999999999999999'], 'number'],
    ['0 and 1', ['0', '1'], 'integer'],
    ['true and false in any case', ['true', 'FALSE'], 'boolean'],
    ['true and 0', ['true', '0'], 'boolean'],
    ['dates', ['2026-01-01', '2026-12-31'], 'timestamp'],
    ['times with zones', ['2026-01-01T10:00:00+02:00', '2026-01-01 10:00:00'], 'timestamp'],
    ['codes with leading zeros', ['007', '123'], 'string'],
    ['fractions below 1', ['0.5', '0'], 'number'],
    ['infinities', ['1', 'inf'], 'string'],
    ['numbers and a word', ['1', '2', 'three'], 'string'],
    ['dates written otherwise', ['31.12.2025'], 'string'],
    ['impossible dates', ['2026-02-30'], 'string'],
    ['numbers and missing ones', ['1', null, ''], 'integer'],
    ['nothing', [null, null], 'string'],
    ['no rows', [], 'string'],
  ])('is that of %s', async (_what, values, type) => {
    expect((await profileTexts(values)).inferredType).toBe(type);
  });

  it('is found where the first rows have a narrower one', async () => {
    const values = [...Array.from({ length: 2500 }, (_none, i) => String(i)), 'x', '2.5'];
    expect(await profileTexts(values)).toMatchObject({
      inferredType: 'string',
      type: 'string',
      values: 2502,
      distinct: 2502,
      length: { min: 1, max: 4 },
    });
    expect(await profileTexts(values.filter((value) => value !== 'x'))).toMatchObject({
      inferredType: 'number',
      max: '2499',
    });
  });

  it('is found where the first rows have none', async () => {
    const values = [...Array<null>(2500).fill(null), '5'];
    expect(await profileTexts(values)).toMatchObject({ inferredType: 'integer', values: 1, missing: 2500 });
  });
});

describe('the profile of a column', { timeout: 30_000 }, () => {
  it('counts, measures and draws numbers', async () => {
    const profile = await profileTexts(
      [...Array.from({ length: 100 }, (_none, i) => String(i + 1)), null, 'NA'],
      {},
      ['NA'],
    );
    expect(profile).toMatchObject({
      name: 'c',
      type: 'integer',
      values: 100,
      missing: 2,
      distinct: 100,
      min: '1',
      max: '100',
      mean: 50.5,
    });
    expect(profile.standardDeviation).toBeCloseTo(29.011491975882016, 12);
    const quantiles = [1, 1.99, 5.95, 25.75, 50.5, 75.25, 95.05, 99.01, 100];
    for (const [place, quantile] of quantiles.entries())
      expect(profile.quantiles![place]).toBeCloseTo(quantile, 10);
    expect(profile.histogram!.counts).toEqual(Array(20).fill(5));
    expect(profile.histogram!.edges).toHaveLength(21);
    expect(profile.topValues!.length).toBe(20);
  });

  it('lists frequent values, first the most frequent, then by their text', async () => {
    const profile = await profileTexts(['b', 'a', 'c', 'c', 'é']);
    expect(profile).toEqual({
      name: 'c',
      type: 'string',
      inferredType: 'string',
      values: 5,
      missing: 0,
      distinct: 4,
      min: 'a',
      max: 'é',
      length: { min: 1, max: 1, mean: 1 },
      topValues: [
        { value: 'c', count: 2 },
        { value: 'a', count: 1 },
        { value: 'b', count: 1 },
        { value: 'é', count: 1 },
      ],
    });
  });

  it('knows times, as seconds since 1970 where they are numbers', async () => {
    const profile = await profileTexts(['2026-01-01', '2026-01-01T12:00:00.5Z', '2026-01-02T01:00:00+01:00']);
    expect(profile).toMatchObject({
      type: 'timestamp',
      min: '2026-01-01T00:00:00Z',
      max: '2026-01-02T00:00:00Z',
      mean: 1767268800 + 43200.5 / 3 - 14400 + 0,
    });
    expect(profile.topValues![0]!.value).toBe('2026-01-01T00:00:00Z');
    expect(profile.histogram!.edges[0]).toBe(1767225600);
  });

  it('reads dates in the format that the contract says', async () => {
    const profile = await profileTexts(['31.12.2025', '01.02.2026', 'soon'], {
      type: 'timestamp',
      format: '%d.%m.%Y',
    });
    expect(profile).toMatchObject({
      type: 'timestamp',
      inferredType: 'string',
      values: 3,
      min: '2025-12-31T00:00:00Z',
      max: '2026-02-01T00:00:00Z',
    });
  });

  it('measures what has the declared type, and counts what has not', async () => {
    const profile = await profileTexts(['1', '2.0', 'x'], { type: 'integer' });
    expect(profile).toMatchObject({
      type: 'integer',
      inferredType: 'string',
      values: 3,
      mean: 1.5,
      max: '2',
    });
  });

  it('is silent about values of sensitive columns', async () => {
    expect(await profileTexts(['ada', 'eva'], { sensitive: true })).toEqual({
      name: 'c',
      type: 'string',
      inferredType: 'string',
      values: 2,
      missing: 0,
      distinct: 2,
      length: { min: 3, max: 3, mean: 3 },
      sensitive: true,
    });
    const numbers = await profileTexts(['1', '2'], { sensitive: true });
    expect(Object.keys(numbers).sort()).toEqual([
      'distinct',
      'inferredType',
      'missing',
      'name',
      'sensitive',
      'type',
      'values',
    ]);
  });

  it.each([
    ['nothing but missing values', [null, ''], { values: 0, missing: 2, distinct: 0 }],
    ['no rows', [], { values: 0, missing: 0, distinct: 0 }],
    [
      'one row',
      ['5'],
      { values: 1, distinct: 1, min: '5', max: '5', mean: 5, histogram: { edges: [5, 5], counts: [1] } },
    ],
    [
      'one value',
      ['5', '5'],
      { values: 2, distinct: 1, standardDeviation: 0, topValues: [{ value: '5', count: 2 }] },
    ],
    ['numbers whose squares are beyond a double', ['1e300', '-1e300'], { min: '-1e+300', max: '1e+300' }],
    [
      'numbers closer than 20 bins',
      ['1', '1.0000000000000002'],
      { histogram: { edges: [1, 1.0000000000000002], counts: [2] } },
    ],
    [
      'a very long text',
      ['x'.repeat(100_000)],
      { length: { min: 100_000, max: 100_000, mean: 100_000 }, max: `${'x'.repeat(200)}…` },
    ],
  ])('is right for %s', async (_what, values, expected) => {
    expect(await profileTexts(values)).toMatchObject(expected);
  });

  it('takes infinities for values, and measures the finite ones', async () => {
    const profile = await profileSql("SELECT unnest(['1', '2', 'inf', '-inf', 'nan'])::DOUBLE AS c");
    expect(profile).toMatchObject({ type: 'number', values: 5, min: '1', max: '2', mean: 1.5 });
    expect(profile.histogram!.counts.reduce((sum, count) => sum + count)).toBe(2);
    expect(
      await profileSql("SELECT unnest(['infinity'::TIMESTAMP, TIMESTAMP '2026-01-01']) AS c"),
    ).toMatchObject({ type: 'timestamp', values: 2 });
  });

  it.each([
    ['BIGINT', '9007199254740993', { type: 'integer', max: '9007199254740993' }],
    ['DECIMAL(9,2)', '1.50', { type: 'number', max: '1.5' }],
    ['DATE', '2026-01-01', { type: 'timestamp', max: '2026-01-01T00:00:00Z' }],
    ['BOOLEAN', 'true', { type: 'boolean', max: 'true' }],
    ['UTINYINT', '200', { type: 'integer', max: '200' }],
    ['INTEGER[]', '[1, 2]', { type: 'string', max: '[1, 2]' }],
    ['BLOB', 'ab', { type: 'string', max: 'ab' }],
    ['TIME', '10:00:00', { type: 'string' }],
  ])('knows the type %s', async (type, value, expected) => {
    expect(await profileSql(`SELECT '${value}'::${type} AS c`)).toMatchObject({ values: 1, ...expected });
  });

  it('counts every value once in the histogram, for any numbers', async () => {
    const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
    await within((database) =>
      fc.assert(
        fc.asyncProperty(fc.array(anyNumber, { minLength: 1, maxLength: 40 }), async (numbers) => {
          const rows = `(SELECT unnest([${numbers.map((number) => `${number}::DOUBLE`).join(', ')}]) AS c)`;
          const [profile] = await profileRows(database, rows, [{ name: 'c' }]);
          const { edges, counts } = profile!.histogram!;
          expect(counts.reduce((sum, count) => sum + count)).toBe(numbers.length);
          expect(edges).toHaveLength(counts.length + 1);
          expect([Number(profile!.min), Number(profile!.max)]).toEqual([edges[0], edges.at(-1)]);
        }),
        { numRuns: 50 },
      ),
    );
  });
});

describe('the profile of many rows and columns', { timeout: 60_000 }, () => {
  const many = `(SELECT i % 7 AS few, i % 50000 AS several, 'u' || i AS every, (i * 7919) % 300007 AS number, CASE WHEN i % 1000 < 20 THEN 'often' ELSE 'x' || i END AS mixed FROM range(300000) r(i))`;
  const names = ['few', 'several', 'every', 'number', 'mixed'];

  it('is exact but for estimates of what is plenty, and the same each time', async () => {
    await within(async (database) => {
      const columns = names.map((name) => ({ name }));
      const profiles = await profileRows(database, many, columns);
      const [few, several, every, number, mixed] = profiles;
      expect(few).toMatchObject({ distinct: 7, values: 300_000 });
      expect(few!.topValues![0]).toEqual({ value: '0', count: 42_858 });
      for (const [profile, exact] of [
        [several, 50_000],
        [every, 300_000],
        [number, 300_000],
        [mixed, 294_001],
      ] as const)
        expect(Math.abs(profile!.distinct / exact - 1)).toBeLessThan(0.04);
      expect(number!.quantiles![4]! / 150_003).toBeCloseTo(1, 1);
      expect(number!.histogram!.counts.reduce((sum, count) => sum + count)).toBe(300_000);
      expect(mixed!.topValues![0]).toEqual({ value: 'often', count: 6000 });
      expect(await profileRows(database, many, columns)).toEqual(profiles);
    });
  });

  it('is made in batches where there are 2,000 columns', async () => {
    const columns = Array.from({ length: 2000 }, (_none, i) => ({ name: `c ${i}"` }));
    const values = columns.map(({ name }, i) => `i + ${i} AS "${name.replaceAll('"', '""')}"`);
    await within(async (database) => {
      await database.run(`CREATE TABLE wide AS SELECT ${values.join(', ')} FROM range(30) r(i)`);
      const profiles = await profileRows(database, 'wide', columns);
      expect(profiles.map(({ name, min, max }) => [name, min, max])).toEqual(
        columns.map(({ name }, i) => [name, String(i), String(i + 29)]),
      );
    });
  });
});
