import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FileRejection, unreadable } from './file-rejection.ts';
import type { compressions } from './reading.ts';

type Compression = (typeof compressions)[number];

/** Real data shrinks 3- to 30-fold. */
const suspiciousRatio = 200;

const decoders = { gzip: createGunzip, zstd: createZstdDecompress } as const;

/**
 * Writes what a compressed file holds to `target`: all members of gzip (RFC 1952), all frames of Zstandard (RFC 8878). Stops before
 * the first byte beyond `maxBytes`: FileRejection UploadTooLarge, or UploadTooDeep where so much came of so little. TruncatedUpload
 * where the end is missing.
 */
export async function decompress(
  path: string,
  compression: Compression,
  { target, maxBytes }: { target: string; maxBytes: number },
): Promise<void> {
  const { size } = await stat(path);
  let written = 0;
  // Node.js ends its stream after a frame of Zstandard that does not end with a chunk; the next frame needs a decoder of its own.
  for (let start = 0; start < size; ) {
    const decoder = decoders[compression]();
    const from = start;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        written += chunk.byteLength;
        if (written <= maxBytes) return done(null, chunk);
        done(beyond({ maxBytes, compression, read: from + decoder.bytesWritten }));
      },
    });
    const output = createWriteStream(target, { flags: from === 0 ? 'w' : 'a' });
    try {
      await pipeline(createReadStream(path, { start, highWaterMark: 262_144 }), decoder, meter, output);
    } catch (error) {
      throw error instanceof FileRejection ? error : explain(error as NodeJS.ErrnoException, compression);
    }
    start += decoder.bytesWritten;
    // Zeros after the last member are padding (gzip's manual); anything else after it is an error already.
    if (compression === 'gzip') return;
  }
}

function beyond({
  maxBytes,
  compression,
  read,
}: {
  maxBytes: number;
  compression: Compression;
  read: number;
}): FileRejection {
  const ratio = Math.round(maxBytes / Math.max(1, read));
  if (ratio >= suspiciousRatio)
    return new FileRejection(
      'UploadTooDeep',
      `The first ${read} bytes of the ${compression} file hold more than ${maxBytes}, ${ratio} times as much: no data is like that, and more than data.maxUploadBytes of the project allows. Upload the rows as they are.`,
    );
  return new FileRejection(
    'UploadTooLarge',
    `Decompressed the file has more than ${maxBytes} bytes, which is what data.maxUploadBytes of the project allows (compressed ${ratio} times). Split the file, or raise the limit (at most 5368709120).`,
  );
}

function explain(error: NodeJS.ErrnoException, compression: Compression): Error {
  const code = error.code ?? '';
  if (code === 'Z_BUF_ERROR')
    return new FileRejection(
      'TruncatedUpload',
      `The ${compression} file ends in the middle. Write it whole and upload it again.`,
    );
  if (code.startsWith('Z_') || code.startsWith('ZSTD_'))
    return unreadable(
      `The ${compression} file cannot be decompressed: ${error.message}. Compress it again and upload it.`,
    );
  return error;
}
