/** One bin: shares of rows, and what it holds. */
export interface HistogramBar {
  readonly label: string;
  readonly reference: number;
  readonly window: number;
}

interface Histogram {
  readonly edges?: readonly number[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly reference: readonly number[];
  readonly window: readonly number[];
}

/** Counts as shares, so that samples of different size can be compared by eye; a sample without rows has shares of 0. */
export function barsOf({ edges, categories, reference, window }: Histogram): HistogramBar[] {
  const referenceShares = sharesOf(reference);
  const windowShares = sharesOf(window);
  return referenceShares.map((share, bin) => ({
    label:
      categories?.[bin] ?? (edges ? `${short(edges[bin])} to ${short(edges[bin + 1])}` : String(bin + 1)),
    reference: share,
    window: windowShares[bin] ?? 0,
  }));
}

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

/** Outermost edges may be infinite, which JSON writes as null. */
function short(edge: number | null | undefined): string {
  return typeof edge === 'number' && Number.isFinite(edge) ? String(Number(edge.toPrecision(3))) : '…';
}
