import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { inspectFile } from './inspect-file.ts';

const inspect = (content: string | Buffer, format: 'csv' | 'parquet' = 'csv') =>
  withScratchFolder(async (folder) => {
    const path = join(folder, 'upload');
    await writeFile(path, content);
    return inspectFile({ path, sha256: '', bytes: (await stat(path)).size }, format, 512);
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

  it('reads a byte order mark and line ends of Windows', async () => {
    expect(await inspect('\uFEFFid,x\r\na,1\r\nb,2\r\n')).toEqual({
      readable: true,
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
    [
      'bytes that are not UTF-8',
      Buffer.from([0x69, 0x64, 0x2c, 0x78, 0x0a, 0xff, 0xfe, 0x2c, 0x31, 0x0a]),
      'UnreadableUpload',
      'Row 1',
    ],
    ['binary content', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00]), 'UnreadableUpload', 'binary'],
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
  it('finds rows and columns', async () => {
    const file = await parquet(
      "SELECT 'a' AS id, 1::TINYINT AS n, 1.5::FLOAT AS x, true AS flag, DATE '2026-01-01' AS day",
    );
    expect(await inspect(file, 'parquet')).toEqual({
      readable: true,
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

  it('refuses what is no Parquet file', async () => {
    expect(await inspect('id,x\na,1\n', 'parquet')).toMatchObject({
      readable: false,
      rejection: { code: 'UnreadableUpload' },
    });
  });
});
