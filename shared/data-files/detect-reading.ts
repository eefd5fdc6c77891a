import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type CsvDialect, detectDialect } from './csv-dialect.ts';
import { decompress } from './decompress.ts';
import { FileRejection, unreadable } from './file-rejection.ts';
import { assertDecompressed, assertParquetFrame, compressionOf, isParquet } from './magic.ts';
import type { dataFormats, FileReading } from './reading.ts';
import { encodingOfHead, encodingOfText, type TextEncoding } from './text-content.ts';
import { transcode } from './transcode.ts';

/** What a project says of its files (`data.format`, `data.csv`); what it does not say is found in the content. */
export interface ReadingSettings {
  readonly format?: (typeof dataFormats)[number] | 'auto';
  readonly csv?: Partial<CsvDialect> & { readonly encoding?: TextEncoding };
}

/** Where files are made ready, and how many bytes one may have decompressed. */
export interface PreparationPlace {
  readonly folder: string;
  readonly maxBytes: number;
}

export interface DetectedFile {
  readonly reading: FileReading;
  /** What DuckDB reads: the file itself, or a copy of it in `folder`, decompressed and in UTF-8. */
  readonly path: string;
}

const headBytes = 1_048_576;

/** Finds out by content, never by name, how a file becomes rows, and makes it ready. Throws FileRejection where it cannot. */
export async function detectReading(
  path: string,
  settings: ReadingSettings,
  { folder, maxBytes }: PreparationPlace,
): Promise<DetectedFile> {
  const head = await readHead(path);
  if (head.byteLength === 0)
    throw new FileRejection('EmptyUpload', 'The file has 0 bytes. Upload one with a header and rows.');
  if (isParquet(head)) {
    assertFormat('parquet', settings);
    await assertParquetFrame(path);
    return { reading: { format: 'parquet' }, path };
  }
  const compression = compressionOf(head);
  const plain = compression ? join(folder, 'decompressed') : path;
  if (compression) await decompress(path, compression, { target: plain, maxBytes });
  const content = compression ? await readHead(plain) : head;
  if (content.byteLength === 0)
    throw new FileRejection('EmptyUpload', 'Decompressed the file has 0 bytes. Upload one with rows.');
  if (compression) assertDecompressed(content, compression);
  const encoding = settings.csv?.encoding ?? encodingOfHead(content) ?? (await encodingOfText(plain));
  const text = encoding === 'utf-8' ? plain : join(folder, 'transcoded');
  if (encoding !== 'utf-8') await transcode(plain, encoding, text);
  const reading = readingOf(await readText(text), encoding, settings);
  assertFormat(reading.format, settings);
  return { reading: { ...reading, ...(compression ? { compression } : {}) }, path: text };
}

type TextReading = Exclude<FileReading, { format: 'parquet' }>;

function readingOf(
  { text, isCut }: { text: string; isCut: boolean },
  encoding: TextEncoding,
  { format, csv }: ReadingSettings,
): TextReading {
  if (format !== 'csv' && looksLikeJson(text)) return { format: 'jsonl', encoding };
  return { format: 'csv', encoding, ...detectDialect(text, isCut, csv) };
}

/** Whether the first line is a JSON object. Throws where it is JSON of another shape. */
function looksLikeJson(text: string): boolean {
  const start = text.trimStart();
  if (start.startsWith('{')) {
    const [line = ''] = start.split('\n', 1);
    // A line longer than what was read cannot be tried; nothing but JSON begins like this.
    if (isJson(line) || /^\{\s*("|\}|$)/.test(line)) return true;
  }
  if (/^\[\s*([{[]|$)/m.test(start.slice(0, 200)) && start.startsWith('['))
    throw unreadable(
      'The file is one JSON array. Write JSON Lines: one object per line, without brackets and commas around them.',
    );
  return false;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function assertFormat(found: FileReading['format'], { format }: ReadingSettings): void {
  if (format === undefined || format === 'auto' || format === found) return;
  throw unreadable(
    `The content of the file is ${names[found]}; data.format of the project takes ${names[format]} only. Upload that, or set data.format to auto.`,
  );
}

const names = { csv: 'CSV', jsonl: 'JSON Lines', parquet: 'Parquet' } as const;

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readText(path: string): Promise<{ text: string; isCut: boolean }> {
  const head = await readHead(path);
  return { text: new TextDecoder().decode(head), isCut: head.byteLength === headBytes };
}
