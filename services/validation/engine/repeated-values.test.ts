import { expect, it } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { tableOfRepeated } from './repeated-values.ts';

const repeatedIn = (relation: string, values: string[], maxRows: number) =>
  withScratchFolder((folder) =>
    withDuckDb({ folder, functionMemoryMb: 256 }, async (database) => {
      const found = await tableOfRepeated(
        database,
        'repeated',
        { relation, values, rows: 10_000 },
        { folder, maxRows },
      );
      if (found === 0) return [];
      const rows = await database.rows<{ key: string }>(
        'SELECT CAST(key AS VARCHAR) AS key FROM repeated ORDER BY key',
      );
      expect(rows).toHaveLength(found);
      return rows.map(({ key }) => key);
    }),
  );

it.each([
  ['at once', 20_000],
  ['in parts', 700],
])('values that come again are found %s, however often, and missing ones never', async (_how, maxRows) => {
  const some =
    "(SELECT CASE WHEN range % 100 = 1 THEN NULL WHEN range < 3 THEN 'a' WHEN range IN (5000, 9999) THEN 'b' ELSE 'k' || range END AS v, 0 AS w FROM range(10000))";
  expect(await repeatedIn(some, ['v'], maxRows)).toEqual(['a', 'b']);
  expect(await repeatedIn(some, ['v', 'w'], maxRows)).toHaveLength(2);
  const zeros = '(SELECT * FROM (VALUES (0.0::DOUBLE), (-0.0::DOUBLE), (1.0::DOUBLE)) zeros(v))';
  expect(await repeatedIn(zeros, ['v'], maxRows)).toHaveLength(1);
  expect(await repeatedIn('(SELECT range AS v FROM range(10000))', ['v'], maxRows)).toEqual([]);
});
