import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { withoutKeys } from './without-keys.ts';

const lines = [
  { _record_id: 'a', _available_at: '2026-01-01T00:00:00Z', driver_id: 7, city: 'Oslo', note: 'one, "two"' },
  { _record_id: 'b', _available_at: '2026-01-01T00:00:01Z', driver_id: 8, city: 'Oslo', note: "it's \\ ☃" },
  { _record_id: 'c', _available_at: '2026-01-01T00:00:02Z', driver_id: 7, city: 'Bergen', note: null },
  { _record_id: 'd', _available_at: '2026-01-01T00:00:03Z', driver_id: 77, city: 'Oslo', note: '7' },
].map((line) => JSON.stringify(line));
const match = {
  joinKeys: [{ name: 'driver_id', type: 'integer' as const }],
  keys: [[7]],
  viewKeys: [
    { name: 'city', type: 'string' as const },
    { name: 'driver_id', type: 'integer' as const },
  ],
};
const erased = {
  rows: 2,
  kept: 2,
  viewKeys: [
    ['Oslo', 7],
    ['Bergen', 7],
  ],
  recordIds: ['a', 'c'],
};

describe('a file of records without the rows of keys', () => {
  it('keeps the bytes of every other line', () =>
    withScratchFolder(async (folder) => {
      const [path, after] = [join(folder, 'before.jsonl'), join(folder, 'after.jsonl')];
      await writeFile(path, `${lines.join('\n')}\n`);
      const done = await withDuckDb({ folder, functionMemoryMb: 512 }, (database) =>
        withoutKeys(database, { path, format: 'jsonl', after }, match),
      );
      expect(done).toEqual(erased);
      expect(await readFile(after, 'utf8')).toBe(`${lines[1]}\n${lines[3]}\n`);
    }));

  it('keeps types and order of Parquet', () =>
    withScratchFolder(async (folder) => {
      const [path, after] = [join(folder, 'before.parquet'), join(folder, 'after.parquet')];
      await writeFile(join(folder, 'lines.jsonl'), `${lines.join('\n')}\n`);
      await withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
        const source = `read_json(${quoteText(join(folder, 'lines.jsonl'))}, format = 'newline_delimited', columns = {_record_id: 'VARCHAR', _available_at: 'TIMESTAMPTZ', driver_id: 'BIGINT', city: 'VARCHAR'})`;
        await database.run(`COPY (SELECT * FROM ${source}) TO ${quoteText(path)} (FORMAT parquet)`);
        expect(await withoutKeys(database, { path, format: 'parquet', after }, match)).toEqual(erased);
        const left = await database.rows(
          `SELECT _record_id, typeof(_available_at) AS type, driver_id FROM read_parquet(${quoteText(after)})`,
        );
        expect(left).toEqual([
          { _record_id: 'b', type: 'TIMESTAMP WITH TIME ZONE', driver_id: 8n },
          { _record_id: 'd', type: 'TIMESTAMP WITH TIME ZONE', driver_id: 77n },
        ]);
      });
    }));

  it('is not written where none of the keys has a row', () =>
    withScratchFolder(async (folder) => {
      const [path, after] = [join(folder, 'before.jsonl'), join(folder, 'after.jsonl')];
      await writeFile(path, `${lines.join('\n')}\n`);
      const done = await withDuckDb({ folder, functionMemoryMb: 512 }, (database) =>
        withoutKeys(database, { path, format: 'jsonl', after }, { ...match, keys: [[70]] }),
      );
      expect(done).toBeUndefined();
      await expect(readFile(after)).rejects.toThrow('ENOENT');
    }));
});
