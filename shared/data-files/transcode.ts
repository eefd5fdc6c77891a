import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { unreadable } from './file-rejection.ts';
import type { TextEncoding } from './text-content.ts';

/** Writes a text as UTF-8 without byte order mark. Throws FileRejection at the first bytes that the encoding does not have. */
export async function transcode(path: string, encoding: TextEncoding, target: string): Promise<void> {
  const decoder =
    encoding === 'iso-8859-1' ? latin1Decoder : new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
  await pipeline(
    createReadStream(path, { highWaterMark: 1_048_576 }),
    async function* (source: AsyncIterable<Buffer>) {
      let offset = 0;
      const decode = (bytes: Buffer, more: boolean) => {
        try {
          return Buffer.from(decoder.decode(bytes, { stream: more }));
        } catch {
          throw unreadable(
            `The file is not ${encoding} throughout: something within the ${bytes.byteLength} bytes from byte ${offset} is not. Write it as UTF-8 and upload it.`,
          );
        }
      };
      for await (const chunk of source) {
        yield decode(chunk, true);
        offset += chunk.byteLength;
      }
      yield decode(Buffer.alloc(0), false);
    },
    createWriteStream(target),
  );
}

/** The Encoding Standard means windows-1252 where it says iso-8859-1. */
const latin1Decoder = { decode: (bytes: Buffer, _options?: { stream: boolean }) => bytes.toString('latin1') };
