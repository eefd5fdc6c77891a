import { keepFile, measureFile } from '#shared/aws/objects.ts';
import type { FileReading } from '#shared/data-files/reading.ts';
import type { RewriterSettings } from '../erasing/rewrite-object.ts';

const contentTypes = {
  csv: 'text/csv',
  jsonl: 'application/jsonl',
  parquet: 'application/vnd.apache.parquet',
} as const;

/** Puts rewritten objects at their content addresses. */
export const objectKeeper =
  (dataBucket: string): RewriterSettings['keep'] =>
  async (project, path, reading) => {
    const file = await measureFile(path);
    const key = `datasets/${project}/objects/${file.sha256}.${endingOf(reading)}`;
    return keepFile({ bucket: dataBucket, key }, file, contentTypes[reading.format]);
  };

const endings = { gzip: '.gz', zstd: '.zst' } as const;
const endingOf = (reading: FileReading): string =>
  `${reading.format}${reading.format !== 'parquet' && reading.compression ? endings[reading.compression] : ''}`;
