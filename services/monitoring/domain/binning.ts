/** What a column holds: numbers, categories as text, `null` for a missing value. */
export type Value = number | string | null;

/**
 * How a column is counted. Numbers: cut points, ascending; bin i holds values up to cut i, the last bin what is above. Categories: the
 * reference's, most frequent first, then one bin for all others. Both end with a bin for missing values.
 */
export type Binning =
  | { readonly kind: 'number'; readonly cuts: readonly number[] }
  | { readonly kind: 'category'; readonly categories: readonly string[] };

const quantileBins = 10;
/** A column with at most so many values, each standing in ten rows or more on average, is counted by value. */
const maxCategories = 20;
const rowsPerCategory = 10;
/** With fewer rows per bin the index is noise: its mean without drift grows with bins per row. */
const rowsPerBin = 20;

/** Chooses by what the values look like: few-valued columns (integer codes, booleans, text) by value, others by quantiles. */
export function binningOf(values: readonly Value[]): Binning {
  const numbers = presentNumbers(values);
  const distinct = new Set(values.filter((value) => value !== null)).size;
  const fewValued = distinct <= maxCategories && distinct * rowsPerCategory <= values.length;
  return numbers.length === 0 || fewValued ? categoryBinning(values) : numberBinning(numbers);
}

/** Deciles, with equal cut points taken once. A cut lies midway to the next greater value, so that rounding moves no value over it. */
export function numberBinning(values: readonly Value[]): Binning {
  const sorted = presentNumbers(values).sort((a, b) => a - b);
  const cuts = new Set<number>();
  for (let decile = 1; decile < quantileBins; decile++) {
    const below = sorted[Math.ceil((decile * sorted.length) / quantileBins) - 1];
    const above = below === undefined ? undefined : sorted.find((value) => value > below);
    if (below !== undefined && above !== undefined) cuts.add(below + (above - below) / 2);
  }
  return { kind: 'number', cuts: [...cuts] };
}

export function categoryBinning(values: readonly Value[]): Binning {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  const categories = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  return { kind: 'category', categories };
}

/** Rows per bin, the bin of missing values last. */
export function countBins(binning: Binning, values: readonly Value[]): number[] {
  const ends = binning.kind === 'number' ? binning.cuts : binning.categories;
  const places =
    binning.kind === 'number'
      ? undefined
      : new Map(binning.categories.map((category, place) => [category, place]));
  const counts = new Array<number>(ends.length + 2).fill(0);
  for (const value of values) {
    const bin = binOf(binning, places, value) ?? ends.length + 1;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

/** Undefined for a missing value, and for what is no number where numbers are counted. */
function binOf(
  binning: Binning,
  places: ReadonlyMap<string, number> | undefined,
  value: Value,
): number | undefined {
  if (value === null) return undefined;
  if (binning.kind === 'category') return places?.get(String(value)) ?? binning.categories.length;
  return typeof value === 'number' ? cutsBelow(binning.cuts, value) : undefined;
}

/** How many cuts lie below the value, by bisection. */
function cutsBelow(cuts: readonly number[], value: number): number {
  let from = 0;
  let to = cuts.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (cuts[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many bins the smaller of two samples bears. */
export function affordableBins(rows: number, otherRows: number): number {
  return Math.max(2, Math.floor(Math.min(rows, otherRows) / rowsPerBin));
}

/**
 * The same counts over fewer bins: neighbours are merged where bins are ordered, else the rarest categories. Missing values keep
 * their own bin.
 */
export function coarsen(binning: Binning, counts: readonly number[], bins: number): number[] {
  const present = counts.slice(0, -1);
  const missing = counts.at(-1) ?? 0;
  if (present.length <= bins) return [...counts];
  const merged = new Array<number>(bins).fill(0);
  present.forEach((count, bin) => {
    const into =
      binning.kind === 'number' ? Math.floor((bin * bins) / present.length) : Math.min(bin, bins - 1);
    merged[into] = merged[into]! + count;
  });
  return [...merged, missing];
}

const presentNumbers = (values: readonly Value[]): number[] =>
  values.filter((value): value is number => typeof value === 'number');
