import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { FileRejection, unreadable } from './file-rejection.ts';
import type { FileReading } from './reading.ts';
import { maxRowBytes } from './relation.ts';

/** Of DuckDB, for a query that failed for another reason than the content of a file. */
const notOfContent = /No space left on device|Interrupt|Permission Error|Catalog Error|Parser Error/;

/**
 * Why a query of `relationSql` failed, for the person who made the file: which row, what is wrong, what to do. Answers a FileRejection,
 * or the error itself where it has nothing to do with the content.
 */
export async function explainFailure(
  error: Error,
  { path, reading }: { readonly path: string; readonly reading: FileReading },
): Promise<Error> {
  if (error instanceof FileRejection || notOfContent.test(error.message)) return error;
  switch (reading.format) {
    case 'csv':
      return explainCsv(error.message, path);
    case 'jsonl':
      return explainJson(error.message, path);
    case 'parquet':
      return unreadable(
        `The Parquet file cannot be decoded: ${firstLine(error.message, path)} Write it again and upload it.`,
      );
  }
}

const firstLine = (message: string, path: string): string =>
  (message.split('\n', 1)[0] ?? '')
    .replaceAll(path, 'the file')
    .slice(0, 300)
    .replace(/([^.])$/, '$1.');

async function explainCsv(message: string, path: string): Promise<Error> {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  if (message.includes('state machine'))
    return unreadable(
      'The file mixes line ends: some of its lines end with LF, some with CR or CRLF. Write it with one of them and upload it again.',
    );
  if (line === undefined)
    return unreadable(`The file is not CSV as its header promises: ${firstLine(message, path)}`);
  const row = Number(line) - 1;
  const cure = 'Correct the row (quote values that hold delimiters, quotes or line breaks) and upload again.';
  if (/[Mm]aximum line size/.test(message))
    return unreadable(
      `Row ${row} of the file has more than ${maxRowBytes} bytes, which is what a row may have. Check that quotes are closed, then upload again.`,
    );
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  const end = await endAfterShownLine(message, path);
  if (message.includes('unterminated quote')) {
    if (end !== undefined)
      return new FileRejection(
        'TruncatedUpload',
        `The file ends inside row ${row}, where a quoted value never ends. Write the file whole and upload it again.`,
      );
    return unreadable(
      `Row ${row} of the file is not CSV: after a quoted value something comes before the next delimiter, or the quote is never closed. ${cure}`,
    );
  }
  if (!counts) return unreadable(`Row ${row} of the file is not CSV as its header promises. ${cure}`);
  const [, expected, found] = counts.map(Number) as [number, number, number];
  if (found < expected && end === '')
    return new FileRejection(
      'TruncatedUpload',
      `The file ends inside row ${row}: it has ${found} of ${expected} values. Write the file whole and upload it again.`,
    );
  // DuckDB stops counting at the first value too many.
  const has = found > expected ? `more than ${expected}` : `${found}`;
  return unreadable(
    `Row ${row} of the file has ${has} values, the header names ${expected} columns. ${cure}`,
  );
}

/** The line ends with which the file ends after the row that DuckDB shows; undefined where more follows. */
async function endAfterShownLine(message: string, path: string): Promise<string | undefined> {
  const shown = /Original Line: (.*?)\s*(Expected Number|Value with)/s.exec(message)?.[1];
  if (shown === undefined) return undefined;
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = Math.min(size, Buffer.byteLength(shown) + 2);
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes);
    const [, text, lineEnds] = /^(.*?)([\r\n]*)$/s.exec(buffer.toString())!;
    return text!.endsWith(shown) ? lineEnds : undefined;
  } finally {
    await file.close();
  }
}

/** DuckDB's line numbers of broken JSON differ by one with the kind of damage: the line is looked for. */
async function explainJson(message: string, path: string): Promise<Error> {
  let number = 0;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    number++;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() === '') continue;
    if (Buffer.byteLength(text) > maxRowBytes)
      return unreadable(
        `Line ${number} of the file has more than ${maxRowBytes} bytes, which is what a row may have. Shorten its values and upload again.`,
      );
    const wrong = wrongWith(text);
    if (wrong) return unreadable(`Line ${number} of the file ${wrong} Correct the line and upload again.`);
  }
  return unreadable(`The file is not JSON Lines: ${firstLine(message, path)}`);
}

function wrongWith(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `is no JSON: ${(error as Error).message.slice(0, 200)}.`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'is no JSON object, which every line must be.';
  return undefined;
}
