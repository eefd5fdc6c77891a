import type { ManifestObject } from '#services/datasets/contract.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Engine, FunctionSize, WorkNeeds } from '#shared/kernel/work-size.ts';

/** Functions that check rows, from the smallest on. */
export const checkFunctions = {
  'check-rows-small': { memoryMb: 1769, diskMb: 2048 },
  'check-rows-large': { memoryMb: 3008, diskMb: 10_240 },
} as const satisfies Record<string, FunctionSize>;
export type CheckFunction = keyof typeof checkFunctions;
export type EngineName = Engine<CheckFunction>;

/** What a check will need, estimated from sizes alone. */
export interface CheckNeeds extends WorkNeeds {
  /** Bytes as objects. */
  readonly storedBytes: number;
}

/** Text that a byte of each kind becomes. gzip and zstd make tables of text 3 to 10 times smaller, Parquet 2 to 6 times. */
const textPerByte = { none: 1, gzip: 8, zstd: 8, parquet: 5 } as const;
/** A value in text takes at least about so many bytes, its separator included; where bytes are few, rows × columns tell more. */
const leastBytesPerValue = 6;
/**
 * Most memory that checks were seen to take, on one thread (MB resident): 159 for one row of 4 columns, 336 for 100,000 rows of 21, 475 for
 * a million of them (88 MB of CSV). DuckDB holds so many rows of a Parquet group, as text, typed and compressed. Each column with its
 * conditions takes memory by itself: 2,000 rows took 473 for 200 columns, 780 for 400, 1,687 for 1,000.
 */
const baseMemoryMb = 320;
const memoryMbPerColumn = 2.5;
const rowGroupRows = 122_880;
const copiesOfRowGroup = 12;
/**
 * Slowest that checks were seen to go, on a machine with other work: 88 MB in 12.5 s. Conditions of many columns take time by
 * themselves, which grows with the square of their number: 2.4 s for 200, 17 s for 1,000, 84 s for 2,000.
 */
const bytesPerSecond = 5_000_000;
const secondsOf200Columns = 3;
const megabyte = 1_000_000;

/** How much a version and what it is compared with will take. */
export function estimateNeeds(
  objects: readonly ManifestObject[],
  columns: number,
  others: readonly StoredObject[] = [],
): CheckNeeds {
  const rows = objects.reduce((sum, object) => sum + object.rows, 0);
  const storedBytes = sumBytes(objects) + sumBytes(others);
  const asText = objects.reduce((sum, object) => sum + object.bytes * textPerByte[kindOf(object)], 0);
  const ofVersion = Math.max(asText, rows * columns * leastBytesPerValue);
  const textBytes = ofVersion + sumBytes(others) * textPerByte.parquet;
  const rowGroupBytes = rows === 0 ? 0 : (ofVersion * Math.min(rows, rowGroupRows)) / rows;
  return {
    storedBytes,
    textBytes,
    memoryMb: Math.ceil(
      baseMemoryMb + memoryMbPerColumn * columns + (copiesOfRowGroup * rowGroupBytes) / megabyte,
    ),
    // The objects, what is written of them, and what DuckDB spills of sorting for uniqueness.
    diskMb: Math.ceil((storedBytes + 1.5 * textBytes) / megabyte) + 50,
    seconds: Math.ceil(textBytes / bytesPerSecond + secondsOf200Columns * (columns / 200) ** 2),
  };
}

const sumBytes = (objects: readonly StoredObject[]): number =>
  objects.reduce((sum, { bytes }) => sum + bytes, 0);

function kindOf({ reading }: ManifestObject): keyof typeof textPerByte {
  return reading.format === 'parquet' ? 'parquet' : (reading.compression ?? 'none');
}
