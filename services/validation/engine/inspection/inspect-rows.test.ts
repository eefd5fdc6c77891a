import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnRule, DataContract } from '#services/projects/contract.ts';
import { relationSql } from '#shared/data-files/relation.ts';
import { typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { checkObjects, utf8Csv } from '#test/doubles/checked-version.ts';
import { messyOrders } from '../../../../test/fixtures/messy/messy-orders.ts';
import { type SuggestedContract, suggestContract } from '../../domain/suggest-contract.ts';
import type { SuggestionContext } from '../../domain/suggestion/inspection.ts';
import { inspectRows } from './inspect-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-inspection-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'rows.csv');
const context = { uploadedAt: '2026-11-01T00:00:00Z' };

const headerOf = (csv: string): string[] => (parse(csv, { to: 1 }) as string[][])[0]!;

/** What is suggested for a CSV file, and how many of its rows break it. */
async function suggest(
  csv: string,
  given: SuggestionContext = context,
): Promise<SuggestedContract & { readonly broken: string[] }> {
  writeFileSync(path, csv);
  const header = headerOf(csv);
  return withDuckDb({ folder, functionMemoryMb: 500 }, async (database) => {
    const relation = relationSql({ path, reading: utf8Csv, columns: header });
    const inspection = await inspectRows(
      database,
      relation,
      header.map((name) => ({ name })),
    );
    const suggested = suggestContract(inspection, given);
    return { ...suggested, broken: await brokenRows(database, relation, suggested.contract) };
  });
}

/** The rows that break a column's rule, each as `column: value`: written for this test, apart from the engine's compiler. */
async function brokenRows(database: DuckDb, relation: string, contract: DataContract): Promise<string[]> {
  const conditions = Object.entries(contract.columns).map(([name, rule]) => {
    const missing = ["''", ...contract.missingValues.map(quoteText)].join(', ');
    const text = `CASE WHEN ${quoteName(name)} NOT IN (${missing}) THEN ${quoteName(name)} END`;
    return `SELECT ${quoteText(name)} || ': ' || coalesce(x, 'missing') AS broken FROM (SELECT ${text} AS x FROM ${relation}) WHERE ${breaks(rule)}`;
  });
  const key = quoteName(contract.primaryKey);
  const repeated = `SELECT 'repeated: ' || ${key} AS broken FROM ${relation} GROUP BY ${key} HAVING count(*) > 1`;
  const found = await database.rows<{ broken: string }>([...conditions, repeated].join(' UNION ALL '));
  return found.map(({ broken }) => broken);
}

function breaks(rule: ColumnRule): string {
  const value = rule.format ? `try_strptime(x, ${quoteText(rule.format)})` : typedValue('x', rule.type);
  const bound = (limit: number | string) =>
    typeof limit === 'number' ? `${limit}` : `${quoteText(limit)}::TIMESTAMPTZ`;
  const conditions = [
    ...(rule.nullable ? [] : ['x IS NULL']),
    `x IS NOT NULL AND (${value}) IS NULL`,
    ...(rule.min === undefined ? [] : [`(${value}) < ${bound(rule.min)}`]),
    ...(rule.max === undefined ? [] : [`(${value}) > ${bound(rule.max)}`]),
    ...(rule.allowed
      ? [
          `x IS NOT NULL AND (${value}) NOT IN (${rule.allowed.map((one) => (typeof one === 'string' ? quoteText(one) : one)).join(', ')})`,
        ]
      : []),
    ...(rule.pattern ? [`NOT regexp_full_match(x, ${quoteText(rule.pattern)})`] : []),
    ...(rule.minLength === undefined ? [] : [`length(x) < ${rule.minLength}`]),
    ...(rule.maxLength === undefined ? [] : [`length(x) > ${rule.maxLength}`]),
  ];
  return conditions.map((condition) => `(${condition})`).join(' OR ');
}

/** Rules without what is the default. */
function briefly({ contract }: SuggestedContract): Record<string, Partial<ColumnRule>> {
  return Object.fromEntries(
    Object.entries(contract.columns).map(([name, { nullable, unique, sensitive, ...rule }]) => [
      name,
      {
        ...rule,
        ...(nullable ? { nullable } : {}),
        ...(unique ? { unique } : {}),
        ...(sensitive ? { sensitive } : {}),
      },
    ]),
  );
}

describe('the contract suggested for messy orders', { timeout: 60_000 }, () => {
  let orders: Awaited<ReturnType<typeof suggest>>;
  beforeAll(async () => {
    orders = await suggest(messyOrders(3000), { ...context, target: 'refund' });
  }, 60_000);

  it('is kept by all rows but the few whose values have not the type', () => {
    expect(orders.broken).toEqual(['score: see note', 'score: see note', 'score: see note']);
  });

  it('is kept by all these rows when the platform checks them', async () => {
    const csv = messyOrders(3000);
    const columns = Object.keys(orders.contract.columns);
    const checked = await checkObjects(orders.contract, [{ content: csv, availableAt: context.uploadedAt }], {
      columns,
    });
    expect(checked).toMatchObject({
      rows: 3000,
      quarantinedRows: 3,
      failed: { 'type:score': 3 },
      verdict: 'Warn',
    });
    expect(
      checked.checks.filter(({ passed }) => !passed).map(({ check, column }) => [check, column]),
    ).toEqual([['type', 'score']]);
  });

  it('says for each column what its values have in common', () => {
    expect(orders.contract).toMatchObject({
      primaryKey: 'order_id',
      eventTime: 'created_at',
      missingValues: ['-', 'NA', 'NULL', 'n/a'],
    });
    expect(briefly(orders)).toEqual({
      order_id: { type: 'string', pattern: '[A-Z]{3}-[0-9]{6}' },
      customer_email: { type: 'string', sensitive: true },
      full_name: { type: 'string', sensitive: true },
      created_at: { type: 'timestamp', min: '2025-01-01T00:00:00Z' },
      birth_date: { type: 'timestamp', format: '%d.%m.%Y', nullable: true, sensitive: true },
      delivery: { type: 'string', pattern: '[0-9]{2}/[0-9]{2}/[0-9]{4}' },
      shipped_on: { type: 'timestamp', format: '%d.%m.%Y', nullable: true, min: '2025-01-01T00:00:00Z' },
      country: { type: 'string', allowed: ['France', 'Gemany', 'Germany', 'Poland', 'Spain'] },
      zip: { type: 'string', pattern: '[0-9]{5}' },
      quantity: { type: 'integer', nullable: true, min: 0, max: 18 },
      amount: { type: 'string', maxLength: 20 },
      weight: { type: 'string', maxLength: 20 },
      discount: { type: 'number', nullable: true, min: 0, max: 1 },
      score: { type: 'number', min: -100, max: 100 },
      temperature: { type: 'number', min: -35, max: 65 },
      rating: { type: 'integer', allowed: [1, 2, 3, 4, 5] },
      gift: { type: 'boolean' },
      region: { type: 'string', nullable: true, allowed: ['APAC', 'EU'] },
      sku: { type: 'string', pattern: '[A-Z]{2}-[0-9]{4}' },
      session: { type: 'string', pattern: expect.stringContaining('[0-9a-fA-F]{12}') },
      city: { type: 'string', allowed: [' Berlin', 'Berlin', 'Paris', 'Łódź'] },
      currency: { type: 'string' },
      refund: { type: 'number', nullable: true, min: 0, max: 30 },
      legacy: { type: 'string', nullable: true },
      note: { type: 'string', nullable: true, maxLength: 30 },
    });
  });

  it('tells a person what to look at', () => {
    const { warnings } = orders;
    const told = (path: string, words: RegExp) =>
      warnings.some((warning) => warning.path === path && words.test(warning.message));
    for (const [path, words] of [
      ['missingValues', /'NA' counts as missing in region too/],
      ['columns.customer_email', /personal data/],
      ['columns.full_name', /personal data/],
      ['columns.birth_date', /personal data/],
      ['columns.delivery', /%d\/%m\/%Y or %m\/%d\/%Y/],
      ['columns.country.allowed', /"Gemany" comes only/],
      ['columns.amount', /thousands separators/],
      ['columns.weight', /unit/],
      ['columns.score', /3 of 3,000 values are no numbers/],
      ['columns.city', /begin or end with a space/],
      ['columns.currency', /equal/],
      ['columns.legacy', /no values/],
      ['columns.refund', /97\.\d+ % of the rows have no value/],
      ['columns.refund', /what the project predicts/],
    ] as const)
      expect(told(path, words), `${path} ${words}`).toBe(true);
  });

  it('gives a reason for every line, and names no value of a sensitive column', () => {
    const { contract, evidence } = orders;
    const reasons = new Set(evidence.map(({ path }) => path));
    for (const [name, rule] of Object.entries(contract.columns))
      for (const [member, said] of Object.entries(rule))
        if (said !== false) expect(reasons, `${name}.${member}`).toContain(`columns.${name}.${member}`);
    for (const [index] of contract.rules.entries()) expect(reasons).toContain(`rules.${index}`);
    for (const path of ['primaryKey', 'eventTime', 'missingValues', 'checks.minRows'])
      expect(reasons).toContain(path);
    const said = JSON.stringify(evidence);
    for (const secret of ['@example.com', 'Lovelace']) expect(said).not.toContain(secret);
    expect(evidence.find(({ path }) => path === 'columns.score.type')!.support).toBeCloseTo(0.999, 6);
  });

  it('is the same each time, and holds for other rows of the same kind', async () => {
    const [{ broken: _one, ...first }, { broken: _two, ...again }] = [
      await suggest(messyOrders(500)),
      await suggest(messyOrders(500)),
    ];
    expect(again).toEqual(first);
    writeFileSync(path, messyOrders(500, 4711));
    const header = headerOf(messyOrders(1));
    const broken = await withDuckDb({ folder, functionMemoryMb: 500 }, (database) =>
      brokenRows(database, relationSql({ path, reading: utf8Csv, columns: header }), first.contract),
    );
    expect(broken.length).toBeLessThan(5);
  });
});

describe('a suggested contract', { timeout: 60_000 }, () => {
  it.each([
    'first-upload.csv',
    'rows.csv',
    'shifted-labels.csv',
    'shifted-rows.csv',
    'shifted-upload.csv',
    'source.csv',
  ])('is kept by every row of real data: %s', async (name) => {
    const csv = readFileSync(new URL(`../../../../examples/tumour/data/${name}`, import.meta.url), 'utf8');
    const { broken, contract, warnings } = await suggest(csv);
    expect(broken).toEqual([]);
    const checked = await checkObjects(contract, [csv], { columns: Object.keys(contract.columns) });
    expect(checked).toMatchObject({ verdict: 'Pass', quarantinedRows: 0, failed: {} });
    expect(contract.primaryKey).toMatch(/_id$/);
    expect(warnings).toEqual([]);
    expect(Object.keys(contract.columns)).toEqual(headerOf(csv));
  });

  it.each([
    ['a header alone', 'id,x\n', { id: { type: 'string' }, x: { type: 'string' } }],
    ['one row', 'id,x\na,5\n', { id: { type: 'string' }, x: { type: 'integer' } }],
    [
      'names that SQL would take for something',
      'id,"a ""b"" -- c"\na,5\nb,6\n',
      { id: { type: 'string' }, 'a "b" -- c': { type: 'integer' } },
    ],
  ])('comes of %s', async (_what, csv, columns) => {
    const suggested = await suggest(csv);
    expect(briefly(suggested)).toEqual(columns);
    expect(suggested.broken).toEqual([]);
  });

  it('warns of a primary key that is none', async () => {
    const { contract, warnings, broken } = await suggest('id,x\na,1\na,2\n,3\n', {
      ...context,
      primaryKey: 'id',
    });
    expect(contract.primaryKey).toBe('id');
    expect(warnings.filter(({ path }) => path === 'primaryKey').map(({ message }) => message)).toEqual([
      expect.stringContaining('1 rows have no value'),
      expect.stringContaining('2 rows share their value'),
    ]);
    expect(broken).toEqual(['id: missing', 'repeated: a']);
  });

  it('warns where the project names columns that are not there', async () => {
    const { contract, warnings } = await suggest('id,x\na,1\nb,2\n', {
      primaryKey: 'key',
      target: 'y',
      eventTime: 'at',
    });
    expect(contract.primaryKey).toBe('id');
    expect(contract.eventTime).toBeUndefined();
    expect(warnings.map(({ path }) => path)).toEqual(['primaryKey', 'eventTime', 'columns']);
  });

  it('is not made of one column', async () => {
    await expect(suggest('id\na\n')).rejects.toMatchObject({ code: 'NothingToSuggest' });
  });

  it('takes a text for missing only where it can hardly be a value', async () => {
    const rows = (values: readonly string[]) =>
      `id,x,y\n${Array.from({ length: 100 }, (_none, i) => `r${i},${values[i % values.length]},${i}`).join('\n')}\n`;
    const doubtful = await suggest(rows(['NA', 'EU']));
    expect(doubtful.contract.missingValues).toEqual([]);
    expect(doubtful.warnings).toContainEqual({
      path: 'missingValues',
      message: expect.stringContaining("'NA' is in"),
    });
    expect((await suggest(rows(['NA', '5']))).contract.missingValues).toEqual(['NA']);
    expect((await suggest(rows(['?', 'red']))).contract.missingValues).toEqual(['?']);
    expect((await suggest(rows(['none', 'true']))).contract.missingValues).toEqual(['none']);
  });
});
