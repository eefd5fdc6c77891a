import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileReading } from '#shared/data-files/reading.ts';
import { type DuckDb, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { ManifestObject } from '../contract.ts';
import type { ErasedKeys } from '../ports/versions.ts';
import { relationOfTexts } from '../store/object-reader.ts';
import { createObjectRewriter } from './rewrite-object.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-rewrite-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rewriter = createObjectRewriter({
  functionMemoryMb: 512,
  reader: {
    download: (object, path) => copyFile(join(folder, object.sha256), path),
    relation: relationOfTexts,
  },
  keep: async (_project, path) => {
    const content = await readFile(path);
    return keep(content);
  },
});
async function keep(content: Buffer) {
  const sha256 = sha256Hex(content);
  await writeFile(join(folder, sha256), content);
  return { uri: `s3://data/${sha256}`, sha256, bytes: content.byteLength };
}

const comma = { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' } as const;
async function object(content: string | Buffer, rows: number, reading: FileReading = comma) {
  const stored = await keep(Buffer.from(content as string));
  return { ...stored, rows, reading, path: 'a', availableAt: '2026-01-01T00:00:00.000Z' } as ManifestObject;
}
const erase = async (from: ManifestObject, primaryKeys: string[], type: ErasedKeys['type'] = 'string') => {
  const result = await rewriter.withoutRows('p', from, { primaryKey: 'id', type, primaryKeys });
  const after = 'after' in result ? result.after : undefined;
  return { ...result, after, content: after && (await readFile(join(folder, after.sha256))) };
};

/** Rows of an object as JSON texts, sorted. */
const rowsOf = (of: ManifestObject): Promise<string[]> =>
  withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
    const path = join(folder, of.sha256);
    const { sql } = await relationOfTexts(database, of, path);
    return (await database.rows(`SELECT * FROM ${sql}`)).map((row) => JSON.stringify(row)).sort();
  });

const parquet = (sql: string): Promise<Buffer> =>
  withDuckDb({ folder, functionMemoryMb: 512 }, async (database: DuckDb) => {
    const path = join(folder, 'made.parquet');
    await database.run(`COPY (${sql}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION GZIP)`);
    return readFile(path);
  });

describe('an object without the rows of a key', () => {
  it('is the same bytes without these records', async () => {
    const content = '\uFEFFid,x\r\na,"1,\r\n""2"\r\n\r\nb,ü\r\na,3\r\nc,4';
    const result = await erase(await object(content, 4), ['a']);
    expect(result).toMatchObject({ rowsErased: 2, after: { rows: 2, reading: comma } });
    expect(result.content!.toString()).toBe('\uFEFFid,x\r\n\r\nb,ü\r\nc,4');
  });

  it.each<[string, FileReading, (text: string) => Buffer, (bytes: Buffer) => string]>([
    [
      'with semicolons',
      { ...comma, delimiter: ';' },
      (t) => Buffer.from(t.replaceAll(',', ';')),
      (b) => b.toString().replaceAll(';', ','),
    ],
    [
      'in UTF-16',
      { ...comma, encoding: 'utf-16le' },
      (t) => Buffer.from(t, 'utf16le'),
      (b) => b.toString('utf16le'),
    ],
    [
      'in UTF-16, big end first',
      { ...comma, encoding: 'utf-16be' },
      (t) => Buffer.from(t, 'utf16le').swap16(),
      (b) => Buffer.from(b).swap16().toString('utf16le'),
    ],
    [
      'in Latin-1',
      { ...comma, encoding: 'iso-8859-1' },
      (t) => Buffer.from(t, 'latin1'),
      (b) => b.toString('latin1'),
    ],
    ['in gzip', { ...comma, compression: 'gzip' }, (t) => gzipSync(t), (b) => gunzipSync(b).toString()],
    [
      'in zstd',
      { ...comma, compression: 'zstd' },
      (t) => zstdCompressSync(t),
      (b) => zstdDecompressSync(b).toString(),
    ],
  ])('stays a CSV file %s', async (_what, reading, encode, decode) => {
    const result = await erase(await object(encode('id,x\na,é\nb,"ü\n"\n'), 2, reading), ['a']);
    expect(result.after).toMatchObject({ rows: 1, reading });
    expect(decode(result.content!)).toBe('id,x\nb,"ü\n"\n');
  });

  it('stays JSON Lines, numbers written as they were', async () => {
    const content = '{"id":1,"x":1.0}\n\n{"id":2,"x":{"a":"}\\n"}}\n{"x":1,"id":1}\n';
    const result = await erase(
      await object(content, 3, { format: 'jsonl', encoding: 'utf-8' }),
      ['1'],
      'integer',
    );
    expect(result.content!.toString()).toBe('\n{"id":2,"x":{"a":"}\\n"}}\n');
  });

  it('stays Parquet with its types and compression', async () => {
    const content = await parquet(
      "SELECT i AS id, [i, 2] AS list, DATE '2026-01-01' + CAST(i AS INTEGER) AS day FROM range(1000) t(i)",
    );
    const before = await object(content, 1000, { format: 'parquet' });
    const result = await erase(before, ['7', '8.0'], 'integer');
    expect(result).toMatchObject({ rowsErased: 2, after: { rows: 998, reading: { format: 'parquet' } } });
    const path = join(folder, result.after!.sha256);
    const described = await withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => ({
      columns: await database.rows(
        `SELECT column_type FROM (DESCRIBE SELECT * FROM read_parquet('${path}'))`,
      ),
      codec: await database.rows(`SELECT DISTINCT compression FROM parquet_metadata('${path}')`),
    }));
    expect(described).toEqual({
      columns: [{ column_type: 'BIGINT' }, { column_type: 'BIGINT[]' }, { column_type: 'DATE' }],
      codec: [{ compression: 'GZIP' }],
    });
  });

  it('is the same each time it is rewritten', async () => {
    const before = await object(gzipSync('id,x\na,1\nb,2\n'), 2, { ...comma, compression: 'gzip' });
    expect((await erase(before, ['a'])).after).toEqual((await erase(before, ['a'])).after);
  });

  it('becomes Parquet where its records cannot be cut out, and says so', async () => {
    const result = await erase(await object('id,x\ra,1\rb,2\rc,3\r', 3), ['a']);
    expect(result).toMatchObject({ rowsErased: 1, after: { rows: 2, reading: { format: 'parquet' } } });
    expect(await rowsOf(result.after!)).toEqual(['{"id":"b","x":"2"}', '{"id":"c","x":"3"}']);
  });

  it('is nothing where all rows go, and untouched where none does or it has no such column', async () => {
    expect(await erase(await object('id,x\na,1\na,2\n', 2), ['a'])).toMatchObject({
      rowsErased: 2,
      after: undefined,
    });
    expect(await erase(await object('id,x\na,1\n', 1), ['A'])).toMatchObject({
      rowsErased: 0,
      after: undefined,
    });
    expect(await erase(await object('key,x\na,1\n', 1), ['a'])).toMatchObject({
      rowsErased: 0,
      lacksKey: true,
    });
  });

  it('of a key that is part of its path goes whole', async () => {
    const of = { ...(await object('x,y\n1,2\n3,4\n', 2)), partition: { id: 'a' } };
    expect(await erase(of, ['a'])).toMatchObject({ rowsErased: 2, after: undefined });
    expect(await erase(of, ['b'])).toMatchObject({ rowsErased: 0 });
  });

  it('takes keys for values, not for SQL', async () => {
    const key = "a') OR ('1'='1";
    const result = await erase(await object(`id,x\n${key},1\nb,2\n`, 2), [key]);
    expect(result.content!.toString()).toBe('id,x\nb,2\n');
  });

  it('holds every other row, and none of the key, whatever the values', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'b', '"', ',', '\n', '\r\n', ' ', 'é'),
      maxLength: 5,
    });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('k1', 'k2', 'k3', ''), cell), { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        async (rows, end) => {
          const content = `id,x${end}${rows.map(([id, x]) => `${id},${quoted(x)}${end}`).join('')}`;
          const before = await object(content, rows.length);
          const wanted = (await rowsOf(before)).filter((row) => !row.startsWith('{"id":"k1"'));
          const result = await erase(before, ['k1']);
          expect(result.rowsErased).toBe(rows.length - wanted.length);
          if (result.after) expect(await rowsOf(result.after)).toEqual(wanted);
          else expect(result.rowsErased === 0 || wanted.length === 0).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
