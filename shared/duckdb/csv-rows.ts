import { createReadStream } from 'node:fs';

/** Most bytes of one row of a CSV file, the header included: a thousand numbers take 20 KB. */
export const maxRowBytes = 1_048_576;
/** Values that a row may have beyond its header: DuckDB names such rows well, but its time grows with the square of their number. */
const maxExtraValues = 1000;

const [comma, quote, newline] = [0x2c, 0x22, 0x0a];

/** A row that no sound file has. */
export interface OversizedRow {
  /** Counts records from 1, the header not counted. */
  readonly row: number;
  readonly reason: string;
}

/** The first row that is too long or has far too many values; undefined where there is none. Reads the file once, before DuckDB does. */
export async function findOversizedRow(path: string, columns: number): Promise<OversizedRow | undefined> {
  const scan = { row: 0, bytes: 0, values: 1, isQuoted: false };
  for await (const chunk of createReadStream(path, { highWaterMark: maxRowBytes })) {
    for (const byte of chunk as Uint8Array) {
      if (byte === quote) scan.isQuoted = !scan.isQuoted;
      else if (byte === comma && !scan.isQuoted) scan.values++;
      else if (byte === newline && !scan.isQuoted) {
        scan.row++;
        scan.bytes = -1;
        scan.values = 1;
      }
      if (++scan.bytes > maxRowBytes)
        return {
          row: scan.row,
          reason: `it has more than ${maxRowBytes} bytes, which is what a row may have`,
        };
      if (scan.values > columns + maxExtraValues && scan.row > 0)
        return { row: scan.row, reason: `it has more than ${scan.values - 1} values for ${columns} columns` };
    }
  }
  return undefined;
}
