/** One measured quantity: the values of several runs, of which the least disturbed, the smallest, counts. */
export interface Measurement {
  /** What was measured, as a row's first cell. */
  readonly title: string;
  readonly unit: 's' | 'ms' | 'MB' | 'kB' | 'x';
  /** One value per run. */
  readonly values: readonly number[];
  /** What the smallest value must not exceed, where a limit was set. */
  readonly limit?: number;
}

/** A part of the benchmark that can be run alone. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** How it is measured, for the reader of the document. */
  readonly method: string;
  run(say: (line: string) => void): Promise<readonly Measurement[]>;
}

export const smallest = (values: readonly number[]): number => Math.min(...values);

/** False only where a limit was set and even the smallest value exceeds it. */
export const meetsLimit = ({ values, limit }: Measurement): boolean =>
  limit === undefined || smallest(values) <= limit;

/** The value below which `share` of the values lie (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Three digits, so that noise is not printed: `6.43`, `12.3`, `412`. */
export function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
