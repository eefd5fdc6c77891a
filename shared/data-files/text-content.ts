import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { FileRejection, unreadable } from './file-rejection.ts';
import type { textEncodings } from './reading.ts';

export type TextEncoding = (typeof textEncodings)[number];

const chunkBytes = 1_048_576;
/** Bytes that windows-1252 leaves undefined (WHATWG Encoding Standard). */
const undefinedIn1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
/** So much of every second byte is zero in UTF-16 of mostly Latin letters. */
const zerosOfUtf16 = 0.6;

/** Encoding that the first bytes of a text say: by byte order mark, or by the zeros that UTF-16 has beside every Latin letter. */
export function encodingOfHead(head: Buffer): TextEncoding | undefined {
  const begins = (...bytes: number[]) => head.subarray(0, bytes.length).equals(Buffer.from(bytes));
  if (begins(0xff, 0xfe, 0, 0) || begins(0, 0, 0xfe, 0xff))
    throw new FileRejection('UnsupportedEncoding', 'The file is UTF-32. Write it as UTF-8 and upload it.');
  if (begins(0xef, 0xbb, 0xbf)) return 'utf-8';
  if (begins(0xff, 0xfe)) return 'utf-16le';
  if (begins(0xfe, 0xff)) return 'utf-16be';
  const zeros = [0, 0];
  const seen = head.subarray(0, 4096);
  seen.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]!++;
  });
  const [even, odd] = zeros.map((count) => count / Math.max(1, seen.length / 2)) as [number, number];
  if (odd > zerosOfUtf16 && even < 1 - zerosOfUtf16) return 'utf-16le';
  return even > zerosOfUtf16 && odd < 1 - zerosOfUtf16 ? 'utf-16be' : undefined;
}

/**
 * The encoding of a whole text without UTF-16 in it: UTF-8 where every byte agrees, else a Western single-byte one where the bytes
 * can be that. Throws FileRejection for bytes that no text has, and for UTF-8 that is damaged.
 */
export async function encodingOfText(path: string): Promise<TextEncoding> {
  let offset = 0;
  let carry = Buffer.alloc(0);
  let isAllUtf8 = true;
  for await (const read of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    const zero = read.indexOf(0);
    if (zero >= 0)
      throw unreadable(
        `Byte ${offset + zero} of the file is zero: it is binary, or damaged. Send text: comma-separated values or JSON Lines.`,
      );
    offset += read.byteLength;
    if (!isAllUtf8) continue;
    const chunk = carry.byteLength > 0 ? Buffer.concat([carry, read]) : read;
    const whole = chunk.subarray(0, chunk.byteLength - unfinishedBytes(chunk));
    isAllUtf8 = isUtf8(whole);
    carry = Buffer.from(chunk.subarray(whole.byteLength));
  }
  return isAllUtf8 && carry.byteLength === 0 ? 'utf-8' : singleByteEncoding(path);
}

/** Bytes at the end that begin a character whose other bytes are still to come. */
function unfinishedBytes(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.byteLength); back++) {
    const byte = chunk[chunk.byteLength - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}

const lengthOf = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);

/** In a text of single bytes hardly any bytes look like UTF-8; where many do, it is UTF-8 with damage. */
async function singleByteEncoding(path: string): Promise<TextEncoding> {
  const counts = new Array<number>(256).fill(0);
  const seen = { offset: 0, line: 1, continuing: 0, wholeSequences: 0, strayBytes: 0, firstStray: '' };
  const stray = () => {
    seen.strayBytes++;
    seen.firstStray ||= `line ${seen.line} (byte ${seen.offset})`;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      counts[byte]!++;
      if (byte >= 0x80 && byte < 0xc0 && seen.continuing > 0) {
        if (--seen.continuing === 0) seen.wholeSequences++;
      } else {
        if (seen.continuing > 0 || (byte >= 0x80 && (byte < 0xc2 || byte >= 0xf5))) stray();
        seen.continuing = byte >= 0xc2 && byte < 0xf5 ? lengthOf(byte) - 1 : 0;
        if (byte === 0x0a) seen.line++;
      }
      seen.offset++;
    }
  }
  if (seen.continuing > 0) stray();
  if (seen.wholeSequences > seen.strayBytes)
    throw unreadable(
      `The file is UTF-8 but for ${seen.strayBytes} bytes, the first in ${seen.firstStray}: it is damaged, or put together of files with different encodings. Write it as UTF-8 throughout and upload it.`,
    );
  const controls = counts.slice(0x80, 0xa0).reduce((sum, count) => sum + count, 0);
  if (controls === 0) return 'iso-8859-1';
  const strange = undefinedIn1252.find((byte) => counts[byte]! > 0);
  if (strange === undefined) return 'windows-1252';
  throw new FileRejection(
    'UnsupportedEncoding',
    `The file is neither UTF-8 nor windows-1252 (it has the byte 0x${strange.toString(16)}). Write it as UTF-8, or name the encoding as data.csv.encoding of the project.`,
  );
}
