import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ProjectDefinition, projectDefinition } from '#services/projects/contract.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { rowChecksOf } from '../domain/checks.ts';
import { checkRows, writeQuarantinedRows, writeValidRows } from './check-rows.ts';

const define = (columns: Record<string, unknown>): ProjectDefinition =>
  projectDefinition.parse({
    name: 'wine',
    owners: ['ada'],
    data: { primaryKey: 'id', columns: { id: { type: 'string' }, ...columns } },
    target: { column: 'id', task: 'regression' },
  });

const csv = { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' } as const;

function check(definition: ProjectDefinition, ...contents: readonly string[]) {
  return withScratchFolder(async (folder) => {
    const files = await Promise.all(
      contents.map(async (content, index) => {
        const path = join(folder, `${index}.csv`);
        await writeFile(path, content);
        return {
          path,
          reading: csv,
          sha256: `sha-${index}`,
          availableAt: `2026-01-0${index + 1}T00:00:00.000Z`,
        };
      }),
    );
    const checks = rowChecksOf(definition);
    const version = { files, definition, checks };
    return withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
      const counts = await checkRows(database, version);
      const [valid, bad] = [join(folder, 'valid.parquet'), join(folder, 'bad.parquet')];
      await writeValidRows(database, version, valid);
      await writeQuarantinedRows(database, version, bad);
      const failed = checks.flatMap(({ check: name, column }, index) =>
        counts.failingRows[index] ? [[`${name} ${column}`, counts.failingRows[index]]] : [],
      );
      return {
        ...counts,
        failed: Object.fromEntries(failed),
        valid: await database.rows<Record<string, unknown>>(`SELECT * FROM '${valid}'`),
        quarantined: await database.rows<Record<string, unknown>>(
          `SELECT * REPLACE (array_to_string(_reasons, '|') AS _reasons) FROM '${bad}'`,
        ),
        validSha256: createHash('sha256')
          .update(await readFile(valid))
          .digest('hex'),
      };
    });
  });
}

describe('checking rows', () => {
  it('types the valid rows and says when each came to be known', async () => {
    const definition = define({
      n: { type: 'integer' },
      x: { type: 'number' },
      f: { type: 'boolean' },
      at: { type: 'timestamp' },
      note: { type: 'string', nullable: true },
    });
    const { valid, quarantined } = await check(
      definition,
      'id,n,x,f,at,note\na,1.0,1e3,TRUE,2026-01-01,\n',
      'extra,note,at,f,x,n,id\nz,"say ""hi""",2026-01-01T02:00:00+02:00,0,-0.5,7,b\n',
    );
    expect(quarantined).toEqual([]);
    expect(valid).toMatchObject([
      { id: 'a', n: 1n, x: 1000, f: true, note: null },
      { id: 'b', n: 7n, x: -0.5, f: false, note: 'say "hi"' },
    ]);
    const times = (name: string) => valid.map((row) => (row[name] as Date).toISOString());
    expect(times('at')).toEqual(Array(2).fill('2026-01-01T00:00:00.000Z'));
    expect(times('_available_at')).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z']);
  });

  it.each([
    ['a missing value', { x: { type: 'number' } }, 'id,x\na,\nb,1\n', { 'not_null x': 1 }],
    ['a missing key', { x: { type: 'number' } }, 'id,x\n,1\nb,1\n', { 'not_null id': 1 }],
    ['text for a number', { x: { type: 'number' } }, 'id,x\na,abc\nb,1\n', { 'type x': 1 }],
    ['a number that is not finite', { x: { type: 'number' } }, 'id,x\na,inf\nb,nan\nc,1\n', { 'type x': 2 }],
    ['a fraction for an integer', { x: { type: 'integer' } }, 'id,x\na,1.5\nb,1\n', { 'type x': 1 }],
    [
      'an integer that does not fit',
      { x: { type: 'integer' } },
      'id,x\na,99999999999999999999\nb,1\n',
      { 'type x': 1 },
    ],
    ['a word for a boolean', { x: { type: 'boolean' } }, 'id,x\na,yes\nb,1\n', { 'type x': 1 }],
    [
      'no time for a timestamp',
      { x: { type: 'timestamp' } },
      'id,x\na,01/02/2026\nb,2026-13-01\nc,2026-01-01\n',
      { 'type x': 2 },
    ],
    [
      'values out of range',
      { x: { type: 'number', min: 0, max: 5 } },
      'id,x\na,-1\nb,6\nc,5\n',
      { 'range x': 2 },
    ],
    [
      'a value that is not allowed',
      { x: { type: 'string', allowed: ["it's", 'b'] } },
      "id,x\na,it's\nb,c\n",
      { 'allowed x': 1 },
    ],
    [
      'a class that is not allowed',
      { x: { type: 'integer', allowed: [0, 1] } },
      'id,x\na,2\nb,1.0\n',
      { 'allowed x': 1 },
    ],
    [
      'a key that stands twice in one upload',
      { x: { type: 'number' } },
      'id,x\na,1\na,2\nb,3\n',
      { 'unique id': 2 },
    ],
    [
      'a column that must be unique',
      { x: { type: 'number', unique: true } },
      'id,x\na,1\nb,1.0\nc,2\n',
      { 'unique x': 2 },
    ],
    ['an absent column', { x: { type: 'number' } }, 'id\na\nb\n', { 'not_null x': 2 }],
  ])('quarantines %s', async (_what, columns, content, failed) => {
    const result = await check(define(columns), content);
    expect(result.failed).toEqual(failed);
    const rows = content.trim().split('\n').length - 1;
    expect([result.rows, result.valid.length, result.quarantined.length]).toEqual([
      rows,
      result.validRows,
      rows - result.validRows,
    ]);
  });

  it('keeps a quarantined row as it was uploaded, with all reasons and where it came from', async () => {
    const { quarantined } = await check(
      define({ x: { type: 'number', min: 0 }, y: { type: 'integer' } }),
      'id,x,y\na,1,1\n',
      'id,x,y\nb,1,1\nc,-3,abc\n',
    );
    expect(quarantined).toEqual([
      {
        id: 'c',
        x: '-3',
        y: 'abc',
        _reasons: 'range: x must be at least 0|type: y must be an integer of at most 64 bits',
        _object_sha256: 'sha-1',
        _row: 2n,
      },
    ]);
  });

  it('lets the same key come again in a later upload: there the newer row counts', async () => {
    const { validRows } = await check(define({ x: { type: 'number' } }), 'id,x\na,1\n', 'id,x\na,2\n');
    expect(validRows).toBe(2);
  });

  it('reads names with quotes, commas and words of SQL', async () => {
    const columns = {
      'a "b", c': { type: 'number' },
      select: { type: 'integer' },
      "o'x": { type: 'string' },
    };
    const { validRows, valid } = await check(define(columns), `id,"a ""b"", c",select,o'x\n1,2,3,4\n`);
    expect(validRows).toBe(1);
    expect(valid[0]).toMatchObject({ 'a "b", c': 2, select: 3n, "o'x": '4' });
  });

  it('writes the same bytes of the same rows', async () => {
    const definition = define({ x: { type: 'number' } });
    const content = `id,x\n${Array.from({ length: 5000 }, (_, i) => `r${i},${Math.sin(i)}`).join('\n')}\n`;
    const [first, second] = [await check(definition, content), await check(definition, content)];
    expect(first.validSha256).toBe(second.validSha256);
  });

  it('reads Parquet like CSV: its values by their text', async () => {
    await withScratchFolder(async (folder) => {
      const path = join(folder, 'upload.parquet');
      const definition = define({
        x: { type: 'number', min: 0 },
        at: { type: 'timestamp' },
        f: { type: 'boolean' },
      });
      const files = [
        {
          path,
          reading: { format: 'parquet' as const },
          sha256: 'sha',
          availableAt: '2026-01-01T00:00:00.000Z',
        },
      ];
      const version = { files, definition, checks: rowChecksOf(definition) };
      await withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
        await database.run(
          `COPY (SELECT 'r' || range AS id, 0.1::DOUBLE * range - 0.1 AS x, TIMESTAMP '2026-01-01 10:00:00' AS at, range % 2 = 0 AS f FROM range(3)) TO '${path}' (FORMAT parquet)`,
        );
        expect(await checkRows(database, version)).toMatchObject({ rows: 3, validRows: 2 });
        const valid = join(folder, 'valid.parquet');
        await writeValidRows(database, version, valid);
        expect(await database.rows(`SELECT x, CAST("at" AS VARCHAR) AS "at", f FROM '${valid}'`)).toEqual([
          { x: 0, at: '2026-01-01 10:00:00+00', f: false },
          { x: 0.1, at: '2026-01-01 10:00:00+00', f: true },
        ]);
      });
    });
  });
});
