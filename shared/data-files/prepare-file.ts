import { join } from 'node:path';
import { decompress } from './decompress.ts';
import type { PreparationPlace } from './detect-reading.ts';
import type { FileReading } from './reading.ts';
import { transcode } from './transcode.ts';

/**
 * Makes a file whose reading is known ready for `relationSql`: decompressed and in UTF-8. Answers its own path where nothing is to
 * be done, else that of a copy in `place.folder` (give every file a folder of its own). Throws FileRejection.
 */
export async function prepareFile(
  path: string,
  reading: FileReading,
  place: PreparationPlace,
): Promise<string> {
  if (reading.format === 'parquet') return path;
  const { compression, encoding } = reading;
  const plain = compression ? join(place.folder, 'decompressed') : path;
  if (compression) await decompress(path, compression, { target: plain, maxBytes: place.maxBytes });
  if (encoding === 'utf-8') return plain;
  const text = join(place.folder, 'transcoded');
  await transcode(plain, encoding, text);
  return text;
}
