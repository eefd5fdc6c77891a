import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { inspectFile } from './inspect-file.ts';

const csv = { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' } as const;

const inspect = (content: string | Buffer, format: 'csv' | 'parquet' | 'auto' = 'csv') =>
  withScratchFolder(async (folder) => {
    const path = join(folder, 'upload');
    await writeFile(path, content);
    const file = { path, sha256: '', bytes: (await stat(path)).size };
    return inspectFile(file, { settings: { format }, maxBytes: 1_000_000_000, atOnce: 1 }, 512);
  });

const parquet = (sql: string): Promise<Buffer> =>
  withScratchFolder(async (folder) => {
    const path = join(folder, 'made.parquet');
    await withDuckDb({ folder, functionMemoryMb: 512 }, (database) =>
      database.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`),
    );
    return readFile(path);
  });

describe('inspecting a CSV file', () => {
  it('finds rows and the narrowest type of every column', async () => {
    const text = [
      'id,count,size,flag,when,note,none',
      'a,1,1.5,true,2026-01-01,1,',
      'b,2.0,2,FALSE,2026-01-01T10:00:00+02:00,x,',
      'c,,nan,,,"a, ""b""\nc",""',
    ];
    expect(await inspect(text.slice(0, 3).join('\n'))).toEqual({
      readable: true,
      reading: csv,
      rows: 2,
      columns: [
        { name: 'id', type: 'string' },
        { name: 'count', type: 'integer' },
        { name: 'size', type: 'number' },
        { name: 'flag', type: 'boolean' },
        { name: 'when', type: 'timestamp' },
        { name: 'note', type: 'string' },
        { name: 'none', type: 'string' },
      ],
    });
    expect(await inspect(text.join('\n'))).toMatchObject({
      rows: 3,
      columns: { 2: { name: 'size', type: 'string' } },
    });
  });

  const columnNames = (count: number) => Array.from({ length: count }, (_none, i) => `c${i}`);

  it('reads wide files a group of columns at a time, to the same result', async () => {
    const names = columnNames(450);
    const row = (value: string) => names.map((_name, i) => (i === 449 ? value : i)).join(',');
    expect(await inspect(`${names.join(',')}\n${row('1')}\n${row('x')}\n`)).toEqual({
      readable: true,
      reading: csv,
      rows: 2,
      columns: names.map((name, i) => ({ name, type: i === 449 ? 'string' : 'integer' })),
    });
  });

  it.each<[string, () => string, RegExp]>([
    ['too many columns', () => `${columnNames(2001).join(',')}\n`, /2001 columns, 2000 are allowed/],
    ['a name too long', () => `${'x'.repeat(256)},b\n1,2\n`, /column 'x{40}…' has 256 characters/],
    [
      'names too long together',
      () =>
        `${columnNames(1000)
          .map((name) => name.padEnd(200, '_'))
          .join(',')}\n`,
      /names take 203001 bytes, 98304 are allowed/,
    ],
    [
      'a row of a hundred thousand values',
      () => `a,b\n1,2\n${'1,'.repeat(100_000)}\n`,
      /Row 2 .* has more than 2 values, the header names 2 columns/,
    ],
    [
      'a row of megabytes',
      () => `a,b\n1,2\n1,2\n1,${'x'.repeat(20_000_000)}\n`,
      /Row 3 .* more than 16777216 bytes/,
    ],
    [
      'a quote that hides the rest of the file',
      () => `a,b\n1,"${'x,y\n'.repeat(300_000)}`,
      /Row 1 .* the quote is never closed/,
    ],
  ])('refuses %s, at once', async (_what, text, says) => {
    expect(await inspect(text())).toMatchObject({
      readable: false,
      rejection: { code: 'UnreadableUpload', message: expect.stringMatching(says) },
    });
  });

  it('reads a byte order mark and line ends of Windows', async () => {
    expect(await inspect('\uFEFFid,x\r\na,1\r\nb,2\r\n')).toEqual({
      readable: true,
      reading: csv,
      rows: 2,
      columns: [
        { name: 'id', type: 'string' },
        { name: 'x', type: 'integer' },
      ],
    });
  });

  it('counts no rows under a header alone', async () => {
    expect(await inspect('id,x\n')).toMatchObject({ readable: true, rows: 0 });
  });

  it.each([
    ['a short row', 'id,x\na,1\nb\nc,3\n', 'UnreadableUpload', 'Row 2'],
    ['a long row', 'id,x\na,1\nb,2,3\n', 'UnreadableUpload', 'Row 2'],
    ['binary content', Buffer.from([0x50, 0x4b, 0x02, 0x04, 0x00, 0x01]), 'UnreadableUpload', 'binary'],
    ['a header with a repeated name', 'id,x,ID\na,1,2\n', 'UnreadableUpload', "names 'ID' twice"],
    ['a header with an empty name', 'id,,x\na,1,2\n', 'UnreadableUpload', 'column 2 has no name'],
    ['a row that is cut off', 'id,x\na,1\nb,2\nc', 'TruncatedUpload', 'inside row 3'],
    ['a quoted value that never ends', 'id,x\na,1\nb,"2\nc,3\n', 'TruncatedUpload', 'inside row 2'],
  ])('refuses %s', async (_what, content, code, message) => {
    const inspection = await inspect(content);
    expect(inspection).toMatchObject({ readable: false, rejection: { code } });
    expect(!inspection.readable && inspection.rejection.message).toContain(message);
  });
});

describe('inspecting a Parquet file', () => {
  it('refuses one with too many columns', async () => {
    const columns = Array.from({ length: 2001 }, (_none, i) => `1 AS c${i}`);
    expect(await inspect(await parquet(`SELECT ${columns.join(', ')}`), 'parquet')).toMatchObject({
      readable: false,
      rejection: { message: expect.stringContaining('2001 columns, 2000 are allowed') },
    });
  });

  it('finds rows and columns', async () => {
    const file = await parquet(
      "SELECT 'a' AS id, 1::TINYINT AS n, 1.5::FLOAT AS x, true AS flag, DATE '2026-01-01' AS day",
    );
    expect(await inspect(file, 'parquet')).toEqual({
      readable: true,
      reading: { format: 'parquet' },
      rows: 1,
      columns: [
        { name: 'id', type: 'string' },
        { name: 'n', type: 'integer' },
        { name: 'x', type: 'number' },
        { name: 'flag', type: 'boolean' },
        { name: 'day', type: 'timestamp' },
      ],
    });
  });

  it('refuses a file that is cut off', async () => {
    const file = await parquet('SELECT range AS id FROM range(1000)');
    expect(await inspect(file.subarray(0, file.length / 2), 'parquet')).toMatchObject({
      readable: false,
      rejection: { code: 'TruncatedUpload' },
    });
  });

  it('refuses a file whose inside is damaged', async () => {
    const file = await parquet('SELECT range AS id, sha256(range::VARCHAR) AS h FROM range(1000)');
    file.fill(0xff, 10, 200);
    expect(await inspect(file, 'parquet')).toMatchObject({
      readable: false,
      rejection: { code: 'UnreadableUpload' },
    });
  });

  it.each([0, 1, 7, 100_000, 0x7fffffff, 0xffffffff])(
    'refuses one whose footer says it has %d bytes',
    async (length) => {
      const file = await parquet('SELECT range AS id FROM range(1000)');
      file.writeUInt32LE(length, file.byteLength - 8);
      expect(await inspect(file, 'auto')).toMatchObject({
        readable: false,
        rejection: { code: 'UnreadableUpload', message: expect.stringContaining('cannot be decoded') },
      });
    },
  );

  it('answers or refuses whatever byte is damaged, and does not break', { timeout: 60_000 }, async () => {
    const sound = await parquet(
      "SELECT range AS id, 'text ' || range % 7 AS t, [range, 1] AS l FROM range(300)",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.integer({ min: 4, max: sound.byteLength - 5 }), fc.integer({ min: 0, max: 255 })),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        async (damage) => {
          const file = Buffer.from(sound);
          for (const [at, byte] of damage) file[at] = byte;
          const inspection = await inspect(file, 'auto');
          expect(inspection.readable || inspection.rejection.code === 'UnreadableUpload').toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses what is no Parquet file', async () => {
    expect(await inspect('id,x\na,1\n', 'parquet')).toMatchObject({
      readable: false,
      rejection: { code: 'UnreadableUpload' },
    });
  });
});
