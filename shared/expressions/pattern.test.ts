import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { patternFault } from './pattern.ts';

const taken = [
  '',
  '[A-Z]{2}-[0-9]+',
  '^(?i)a|b$',
  '(?P<year>[0-9]{4})',
  '\\p{L}+ \\p{Greek}*',
  '\\pL{200}',
  '(.{50}){19}',
  '([^a]{30}){30}',
  '(a{30}){30}',
  '(?i:ß{500})',
  '[[:alpha:]]\\b\\z',
  '\\(?<a',
  'a{1000}b{1000}c{1000}',
];
const refused = [
  ['(?=a)', /look-around/],
  ['(a)\\1', /back-references/],
  ['a++', /RE2's syntax/],
  ['(', /RE2's syntax/],
  ['a{1001}', /RE2's syntax/],
  ['(?<year>[0-9]{4})', /\(\?P<name>/],
  ['(\\pL{100}){10}', /too large/],
  ['\\pL{500}\\pL{500}', /too large/],
  ['x'.repeat(1001), /1001 characters/],
] as const;

test.each(refused)('%s is refused', (pattern, fault) => {
  expect(patternFault(pattern)).toMatch(fault);
});

test('what is taken compiles in DuckDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patterns-'));
  await withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
    for (const pattern of taken) {
      expect([pattern, patternFault(pattern)]).toEqual([pattern, undefined]);
      await database.rows("SELECT regexp_full_match(s, $1) FROM (VALUES ('abc')) AS given(s)", [pattern]);
    }
  });
  await rm(folder, { recursive: true });
});
