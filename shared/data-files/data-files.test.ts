import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { detectDialect } from './csv-dialect.ts';
import { type DetectedFile, detectReading, type ReadingSettings } from './detect-reading.ts';
import { explainFailure } from './explain-failure.ts';
import { prepareFile } from './prepare-file.ts';
import { relationSql } from './relation.ts';
import { sourceColumns } from './source-columns.ts';

type Rows = Record<string, unknown>[];

/** Reads a file as uploads are read: what it is, and its rows. */
function read(
  content: string | Buffer,
  { settings = {}, maxBytes = 100_000_000, partition = {} }: ReadOptions = {},
): Promise<{ reading: DetectedFile['reading']; rows: Rows }> {
  return withScratchFolder(async (folder) => {
    const path = join(folder, 'upload');
    await writeFile(path, content);
    const detected = await detectReading(path, settings, { folder, maxBytes });
    return { reading: detected.reading, rows: await rowsOf(folder, detected, partition) };
  });
}
interface ReadOptions {
  readonly settings?: ReadingSettings;
  readonly maxBytes?: number;
  readonly partition?: Record<string, string>;
}

const rowsOf = (folder: string, file: DetectedFile, partition: Record<string, string> = {}): Promise<Rows> =>
  withDuckDb({ folder, functionMemoryMb: 1024 }, async (database) => {
    const columns = (await sourceColumns(database, file)).map(({ name }) => name);
    try {
      return await database.rows(`SELECT * FROM ${relationSql({ ...file, columns, partition })}`);
    } catch (error) {
      throw await explainFailure(error as Error, file);
    }
  });

const expected = [
  { name: 'Zoë', amount: '1,5' },
  { name: 'a "b"\nc', amount: null },
];
const csv = 'name;amount\nZoë;1,5\n"a ""b""\nc";\n';
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe('a file of rows, whatever it is called,', () => {
  it.each<[string, string | Buffer, object]>([
    ['with commas', 'name,amount\nZoë,"1,5"\n"a ""b""\nc",\n', { delimiter: ',' }],
    ['with semicolons', csv, { delimiter: ';' }],
    ['with tabs', csv.replaceAll(';', '\t'), { delimiter: '\t' }],
    ['with bars', csv.replaceAll(';', '|'), { delimiter: '|' }],
    ['with single quotes', "name,amount\nZoë,'1,5'\n'a \"b\"\nc',\n", { delimiter: ',', quote: "'" }],
    ['with line ends of Windows', csv.replaceAll(/(;\n|t\n|5\n)/g, (end) => end.replace('\n', '\r\n')), {}],
    ['without a last line end', csv.trimEnd(), {}],
    ['with a byte order mark', `\uFEFF${csv}`, { encoding: 'utf-8' }],
    ['in UTF-16', utf16(csv), { encoding: 'utf-16le' }],
    ['in UTF-16 without a mark', utf16(csv).subarray(2), { encoding: 'utf-16le' }],
    ['in UTF-16 big endian', utf16(csv).swap16(), { encoding: 'utf-16be' }],
    ['in ISO 8859-1', Buffer.from(csv, 'latin1'), { encoding: 'iso-8859-1' }],
    ['in gzip', gzipSync(csv), { compression: 'gzip' }],
    ['in gzip of two members', Buffer.concat([gzipSync(csv.slice(0, 9)), gzipSync(csv.slice(9))]), {}],
    ['in zstd', zstdCompressSync(csv), { compression: 'zstd' }],
    [
      'in zstd of two frames',
      Buffer.concat([zstdCompressSync(csv.slice(0, 9)), zstdCompressSync(csv.slice(9))]),
      { compression: 'zstd' },
    ],
    ['in gzip of UTF-16', gzipSync(utf16(csv)), { compression: 'gzip', encoding: 'utf-16le' }],
  ])('%s is read', async (_what, content, reading) => {
    const found = await read(content);
    expect(found.reading).toMatchObject({ format: 'csv', ...reading });
    expect(found.rows).toEqual(expected);
  });

  it('in windows-1252 is read, with its own characters', async () => {
    const content = Buffer.from([...Buffer.from('id,price\na,'), 0x80, ...Buffer.from('5\n')]);
    expect(await read(content)).toMatchObject({
      reading: { encoding: 'windows-1252' },
      rows: [{ price: '€5' }],
    });
  });

  it('as JSON Lines is read: different keys, null, numbers, nested values as their JSON', async () => {
    const lines = [
      '{"id": "a", "n": 1, "note": null}',
      '{"id": "b", "more": {"x": [1, "two"]}, "ok": true}',
      '',
      '{"id": "é\\n", "n": 12345678901234567890123}',
    ];
    const { reading, rows } = await read(lines.join('\r\n'));
    expect(reading).toEqual({ format: 'jsonl', encoding: 'utf-8' });
    const none = { n: null, note: null, more: null, ok: null };
    expect(rows).toEqual([
      { ...none, id: 'a', n: '1' },
      { ...none, id: 'b', more: '{"x":[1,"two"]}', ok: 'true' },
      { ...none, id: 'é\n', n: '12345678901234567890123' },
    ]);
  });

  it('keeps formulas, NULL and blanks as they are', async () => {
    const { rows } = await read('id,cell\na,=1+1\nb,"=cmd|\'/C calc\'!A0"\nc,@SUM(A1)\nd, x \ne,NULL\n');
    expect(rows.map(({ cell }) => cell)).toEqual(['=1+1', "=cmd|'/C calc'!A0", '@SUM(A1)', ' x ', 'NULL']);
  });

  it('has SQL in its names and nothing comes of it', async () => {
    const name = `x"); DROP TABLE t; --`;
    const { rows } = await read(`id,"x""); DROP TABLE t; --",y' UNION SELECT 1\na,1,2\n`);
    expect(rows).toEqual([{ id: 'a', [name]: '1', "y' UNION SELECT 1": '2' }]);
  });

  it('has partitions as columns, the missing one as NULL', async () => {
    const { rows } = await read('id,x\na,1\n', { partition: { dt: "2026'11", region: '' } });
    expect(rows).toEqual([{ id: 'a', x: '1', dt: "2026'11", region: null }]);
  });

  it('has a cell of 10 MB', async () => {
    const cell = 'x'.repeat(10_000_000);
    for (const content of [`id,x\na,${cell}\n`, `{"id":"a","x":"${cell}"}\n`])
      expect((await read(content)).rows[0]!['x']).toHaveLength(10_000_000);
  });

  it('is read as the project says, where it says so', async () => {
    const settings = { format: 'csv', csv: { delimiter: ';', encoding: 'iso-8859-1' } } as const;
    expect((await read('a,b;c\n1,2;3\n', { settings })).rows).toEqual([{ 'a,b': '1,2', c: '3' }]);
  });

  it('is prepared again as it was detected', async () => {
    await withScratchFolder(async (folder) => {
      const path = join(folder, 'object');
      await writeFile(path, gzipSync(utf16(csv)));
      const reading = {
        format: 'csv',
        compression: 'gzip',
        encoding: 'utf-16le',
        delimiter: ';',
        quote: '"',
      } as const;
      const prepared = await prepareFile(path, reading, { folder, maxBytes: 1000 });
      expect(await rowsOf(folder, { path: prepared, reading })).toEqual(expected);
      const plain = { format: 'parquet' } as const;
      expect(await prepareFile(path, plain, { folder, maxBytes: 1000 })).toBe(path);
    });
  });
});

describe('a file that cannot be read', () => {
  const zeros = Buffer.alloc(50_000_000);
  it.each<[string, () => string | Buffer, string, RegExp]>([
    ['empty', () => '', 'EmptyUpload', /0 bytes/],
    ['empty in gzip', () => gzipSync(''), 'EmptyUpload', /Decompressed the file has 0 bytes/],
    ['of zeros', () => 'id,x\na,\0\n', 'UnreadableUpload', /Byte 7 of the file is zero/],
    ['an Excel workbook', () => Buffer.from('PK\x03\x04rest'), 'UnreadableUpload', /Export it as CSV/],
    ['a gzip bomb', () => gzipSync(zeros), 'UploadTooDeep', /no data is like that/],
    ['a zstd bomb', () => zstdCompressSync(zeros), 'UploadTooDeep', /hold more than 1000000/],
    [
      'too large decompressed',
      () => gzipSync(Array.from({ length: 300_000 }, (_none, i) => `r${i},${(i * 7919) % 1000}`).join('\n')),
      'UploadTooLarge',
      /Decompressed the file has more than 1000000 bytes/,
    ],
    ['gzip in gzip', () => gzipSync(gzipSync('id,x\na,1\n')), 'UploadTooDeep', /holds a gzip file/],
    [
      'gzip that is cut off',
      () => gzipSync(csv.repeat(100)).subarray(0, 40),
      'TruncatedUpload',
      /ends in the middle/,
    ],
    [
      'zstd that is cut off',
      () => zstdCompressSync(csv.repeat(100)).subarray(0, 40),
      'TruncatedUpload',
      /ends in/,
    ],
    [
      'gzip with rest',
      () => Buffer.concat([gzipSync(csv), Buffer.from('rest')]),
      'UnreadableUpload',
      /cannot be decompressed/,
    ],
    ['damaged gzip', () => gzipSync(csv).fill(7, 20, 30), 'UnreadableUpload', /cannot be decompressed/],
    ['UTF-32', () => Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'UnsupportedEncoding', /UTF-32/],
    [
      'UTF-8 with damage',
      () => Buffer.from([...Buffer.from('id,x\né,ü\nö,'), 0xff, 0x0a]),
      'UnreadableUpload',
      /UTF-8 but for 1 bytes, the first in line 3/,
    ],
    [
      'no encoding we know',
      () => Buffer.from([0x69, 0x2c, 0x78, 0x0a, 0x83, 0x81, 0x2c, 0x31, 0x0a]),
      'UnsupportedEncoding',
      /0x81.*data\.csv\.encoding/,
    ],
    ['odd UTF-16', () => utf16('id,x\na,1\n').subarray(0, -1), 'UnreadableUpload', /not utf-16le throughout/],
    [
      'ragged',
      () => 'id,x\na,1\nb\nc,1\n',
      'UnreadableUpload',
      /Row 2 of the file has 1 values, the header names 2/,
    ],
    ['mixed line ends', () => 'id,x\r\na,1\nb,1\r\n', 'UnreadableUpload', /mixes line ends/],
    ['a quote within', () => 'id,x\na,"1"2\nb,1\n', 'UnreadableUpload', /Row 1 .* after a quoted value/],
    ['a quote that never ends', () => 'id,x\na,"1\nb,1\n', 'TruncatedUpload', /ends inside row 1/],
    [
      '5,000 columns',
      () => `${Array.from({ length: 5000 }, (_none, i) => `c${i}`).join(',')}\n`,
      'UnreadableUpload',
      /5000 columns, 2000/,
    ],
    [
      'a broken line of JSON',
      () => '{"a":1}\n{"a":\n{"a":2}\n',
      'UnreadableUpload',
      /Line 2 of the file is no JSON/,
    ],
    [
      'a line that is no object',
      () => '{"a":1}\n[1]\n',
      'UnreadableUpload',
      /Line 2 of the file is no JSON object/,
    ],
    ['a key twice in a line', () => '{"a":1,"a":2}\n', 'UnreadableUpload', /duplicate key "a"/],
    ['keys that differ in case', () => '{"a":1}\n{"A":2}\n', 'UnreadableUpload', /names 'A' twice/],
    ['a JSON array', () => '[{"a":1},\n{"a":2}]', 'UnreadableUpload', /one JSON array\. Write JSON Lines/],
    [
      'JSON over several lines',
      () => '{\n  "a": 1\n}\n',
      'UnreadableUpload',
      /Line 1 of the file is no JSON/,
    ],
  ])('because it is %s is refused, and why', async (_what, content, code, says) => {
    await expect(read(content(), { maxBytes: 1_000_000 })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says),
    });
  });

  it('is not written beyond the limit: 10 GB of zeros in 10 MB', async () => {
    // A member of gzip may be followed by another: the same megabytes of zeros again and again.
    const member = gzipSync(Buffer.alloc(100_000_000));
    const bomb = Buffer.concat(Array.from({ length: 100 }, () => member));
    expect(bomb.byteLength).toBeGreaterThan(9_000_000);
    await withScratchFolder(async (folder) => {
      const path = join(folder, 'upload');
      await writeFile(path, bomb);
      const place = { folder, maxBytes: 20_000_000 };
      await expect(detectReading(path, {}, place)).rejects.toMatchObject({ code: 'UploadTooDeep' });
      expect((await stat(join(folder, 'decompressed'))).size).toBeLessThanOrEqual(20_000_000);
    });
  });

  it('is refused where the project takes another format', async () => {
    await expect(read('{"a":1}\n', { settings: { format: 'parquet' } })).rejects.toThrow(
      /content of the file is JSON Lines; data\.format of the project takes Parquet only/,
    );
  });
});

describe('the dialect of CSV', () => {
  const cell = fc.stringMatching(/^[a-z0-9 ,;|\t"\n]{0,12}$/);
  it('is found in whatever is written with it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(',', ';', '\t', '|'),
        fc
          .integer({ min: 2, max: 6 })
          .chain((width) =>
            fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 3, maxLength: 20 }),
          ),
        (delimiter, rows) => {
          const header = rows[0]!.map((_value, index) => `c${index}`).join(delimiter);
          const quoted = rows.map((row) =>
            row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter),
          );
          const text = [header, ...quoted].join('\n');
          expect(detectDialect(text, false)).toEqual({ delimiter, quote: '"' });
        },
      ),
    );
  });
});
