import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataContract } from '#services/projects/contract.ts';
import { trinoRowStatements } from '#services/validation/engine/compile/trino-rows.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { parseStatements, trinoGrammar, trinoVersion } from './parts/trino-grammar.ts';

const golden = path.resolve(import.meta.dirname, '../../services/validation/engine/golden/trino');
const grammar = await part(trinoGrammar);

describe.skipIf(grammar.missing)(checkTitle(`SQL for Athena, by Trino ${trinoVersion}`, grammar), () => {
  it('is a statement for every check and for a whole contract', async () => {
    const names = (await readdir(golden)).sort();
    const files = names.map((name) => path.join(golden, name));
    expect(names.length).toBeGreaterThan(20);
    expect(await parseStatements(theValue(grammar), files)).toEqual(
      new Map(names.map((name) => [name, 'ok'])),
    );
  });

  it('is a statement for a contract of 500 columns whose names and values look like SQL', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `c${index} "'; DROP TABLE rows; --`);
    const columns = Object.fromEntries(
      names.map((name) => [name, { type: 'string', allowed: ["'", '";--', '\\'], pattern: `'\\d"$` }]),
    );
    const contract = dataContract.parse({ primaryKey: names[0], columns });
    const tables = { rows: '"a"."b"', validated: () => '"a"."c"' };
    const { counts, quarantine } = trinoRowStatements(contract, tables);
    const folder = await mkdtemp(path.join(tmpdir(), 'millrace-trino-'));
    try {
      const files = ['counts.sql', 'quarantine.sql', 'broken.sql'].map((name) => path.join(folder, name));
      await Promise.all(
        [counts, quarantine, `${counts} @@ 1`].map((sql, index) => writeFile(files[index]!, sql)),
      );
      const said = await parseStatements(theValue(grammar), files);
      expect([said.get('counts.sql'), said.get('quarantine.sql')]).toEqual(['ok', 'ok']);
      expect(said.get('broken.sql')).toMatch(/^line \d+:\d+: mismatched input/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
