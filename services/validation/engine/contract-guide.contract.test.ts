import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type DataContract, dataContract } from '#services/projects/contract.ts';
import { quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { parseExpression } from '#shared/expressions/parse.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { CheckResult } from '../contract.ts';
import { checkVersion } from './check-version.ts';
import type { VersionCheck } from './version-check.ts';

/** One example of the guide: a contract, the rows that it is given, and what comes of them. */
interface Example {
  readonly heading: string;
  readonly contract: string;
  readonly rows: string;
  readonly previous?: string;
  readonly datasets: Readonly<Record<string, string>>;
  readonly outcome: string;
}

const guide = await readFile(new URL('../../../docs/guide/contracts.md', import.meta.url), 'utf8');
const examples = examplesOf(guide);
const availableAt = '2026-11-28T12:00:00.000Z';
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-guide-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the guide to data contracts', () => {
  it('shows every check', () => {
    const shown = new Set(examples.flatMap(({ outcome }) => outcome.match(/\b[a-z_]+(?=:)/g) ?? []));
    const whole = ['row_count', 'row_count_change', 'expression', 'unknown_columns'];
    const rules = dataContract.shape.rules.unwrap().element.options.map(({ shape }) => shape.check.value);
    for (const rule of rules.filter((name) => !whole.includes(name))) expect(shown).toContain(rule);
  });

  it.each(examples.map((example, index) => [`${index + 1} ${example.heading}`, example] as const))(
    'tells the truth in example %s',
    async (name, example) => {
      expect(await outcomeOf(example, name.split(' ')[0]!)).toEqual(example.outcome);
    },
  );
});

describe('the guide to expressions', () => {
  const columns = {
    price: 'number',
    discount: 'number',
    count: 'integer',
    code: 'string',
    paid: 'boolean',
    begin_at: 'timestamp',
    end_at: 'timestamp',
  } as const;

  it.each(linesOf('sql expressions'))('shows one that can be applied: %s', (line) => {
    expect(parseExpression(line, columns)).toMatchObject({ type: 'boolean' });
  });

  it.each(linesOf('sql refused'))('shows one that is refused: %s', (line) => {
    expect(() => parseExpression(line, columns)).toThrow(
      expect.objectContaining({ code: 'InvalidExpression' }),
    );
  });
});

function linesOf(kind: string): string[] {
  const block = guide.match(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'm'));
  return block![1]!.trim().split('\n');
}

function examplesOf(text: string): Example[] {
  const found: Example[] = [];
  let heading = '';
  let parts: { contract?: string; rows?: string; previous?: string; datasets: Record<string, string> } = {
    datasets: {},
  };
  for (const [, title, kind = '', body = ''] of text.matchAll(/^#+ (.+)$|^```(.+)\n([\s\S]*?)^```$/gm)) {
    if (title) heading = title;
    else if (kind === 'yaml contract') parts.contract = body;
    else if (kind === 'csv rows') parts.rows = body;
    else if (kind === 'csv previous') parts.previous = body;
    else if (kind.startsWith('csv dataset=')) parts.datasets[kind.slice('csv dataset='.length)] = body;
    else if (kind === 'text outcome') {
      const { contract, rows, ...rest } = parts;
      if (!contract || !rows) throw new Error(`The example in '${heading}' has no contract or no rows.`);
      found.push({ heading, contract, rows, ...rest, outcome: body.trim() });
      parts = { datasets: {} };
    }
  }
  return found;
}

async function outcomeOf(example: Example, name: string): Promise<string> {
  const contract = dataContract.parse({
    checks: { minRows: 1, maxQuarantinedShare: 1 },
    ...parse(example.contract),
  });
  const lookups: VersionCheck['lookups'] = {};
  const paths = new Map<string, string>();
  for (const [project, text] of Object.entries(example.datasets))
    lookups[`${project}@newest`] = await validated(project, textContract(text), text, paths);
  const comparisons: VersionCheck['comparisons'] = example.previous
    ? { previous: await validated(`${name}-previous`, { ...contract, rules: [] }, example.previous, paths) }
    : {};
  const { outcome, folder } = await check(name, contract, example.rows, { lookups, comparisons }, paths);
  return [outcome.verdict, ...(await quarantined(folder, contract)), ...findings(outcome.checks)].join('\n');
}

/** Columns of text alone: what another dataset's rows are read by. */
function textContract(text: string): DataContract {
  const names = text.split('\n')[0]!.split(',');
  const columns = Object.fromEntries(names.map((column) => [column, { type: 'string' }]));
  return dataContract.parse({ primaryKey: names[0], columns, checks: { minRows: 1 } });
}

async function validated(project: string, contract: DataContract, text: string, paths: Map<string, string>) {
  const { outcome, folder } = await check(project, contract, text, { lookups: {}, comparisons: {} }, paths);
  const uri = `s3://data/${project}.parquet`;
  paths.set(uri, join(folder, 'validated.parquet'));
  return {
    project,
    datasetVersion: 1,
    rows: outcome.validRows,
    validated: { uri, sha256: sha256Hex(uri), bytes: 1 },
  };
}

async function check(
  name: string,
  contract: DataContract,
  text: string,
  others: Pick<VersionCheck, 'lookups' | 'comparisons'>,
  paths: Map<string, string>,
) {
  const folder = join(root, name);
  await mkdir(folder);
  const path = join(root, `${name}.csv`);
  await writeFile(path, text);
  const uri = `s3://data/${name}.csv`;
  paths.set(uri, path);
  const object = {
    uri,
    sha256: sha256Hex(text),
    bytes: text.length,
    rows: text.trim().split('\n').length - 1,
    availableAt,
  };
  const reading = { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' } as const;
  const outcome = await checkVersion(
    {
      project: 'guide',
      datasetVersion: 2,
      contract,
      columns: text.split('\n')[0]!.split(','),
      objects: [{ ...object, reading, path: 'rows.csv' }],
      released: [],
      ...others,
    },
    { pathOf: (wanted) => paths.get(wanted)!, folder, memoryMb: 512, threads: 1 },
  );
  return { outcome, folder };
}

/** `key: checks` of each row in quarantine, in the order that they were uploaded. */
async function quarantined(folder: string, { primaryKey }: DataContract): Promise<string[]> {
  const path = join(folder, 'quarantine.parquet');
  return withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
    const [there] = await database.rows(`SELECT * FROM glob(${quoteText(path)})`);
    if (!there) return [];
    const rows = await database.rows<{ key: string; checks: string }>(
      `SELECT "${primaryKey}" AS key, array_to_string(_checks, ', ') AS checks FROM read_parquet(${quoteText(path)})`,
    );
    return rows.map(({ key, checks }) => `${key}: ${checks}`);
  });
}

/** What was found of the dataset as a whole, or of rows that stay: whatever did not put rows into quarantine by itself. */
function findings(checks: readonly CheckResult[]): string[] {
  return checks
    .filter(({ outcome, passed }) => outcome === 'insufficient' || !passed)
    .filter(
      ({ severity, failingRows, mostly, check: name }) =>
        severity === 'warn' || failingRows === 0 || mostly !== undefined || name === 'quarantined_share',
    )
    .map(
      ({ check: kind, name, column, columns }) =>
        `finding: ${name ?? [kind, column ?? columns?.join('+')].filter(Boolean).join(':')}`,
    );
}
