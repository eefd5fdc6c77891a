/** How many traces there are, pass each of two filters, and pass both. */
export interface JointCounts {
  readonly total: number;
  readonly first: number;
  readonly second: number;
  readonly both: number;
}

/** Added to each cell against small numbers: Jeffreys' prior. */
const prior = 0.5;

/**
 * Normalized pointwise mutual information of two filters: 1 where they always pass the same traces, 0 where they know nothing of each
 * other, -1 where they never pass one together; NaN where one passes nothing. Once as it is, once smoothed by Jeffreys' prior.
 */
export function correlation({ total, first, second, both }: JointCounts): { npmi: number; smoothed: number } {
  const cells = [both, first - both, second - both, total - first - second + both] as const;
  if (first === 0 || second === 0 || Math.min(...cells) < 0)
    return { npmi: Number.NaN, smoothed: Number.NaN };
  return { npmi: both === 0 ? -1 : npmiOf(cells), smoothed: npmiOf(cells, prior) };
}

function npmiOf(cells: readonly [number, number, number, number], smoothing = 0): number {
  const [, onlyFirst, onlySecond, neither] = cells;
  if (onlyFirst === 0 && onlySecond === 0 && neither === 0) return 1;
  const [n11, n10, n01, n00] = cells.map((cell) => cell + smoothing) as [number, number, number, number];
  const total = n11 + n10 + n01 + n00;
  const information = Math.log(n11) + Math.log(total) - Math.log(n11 + n10) - Math.log(n11 + n01);
  return Math.max(-1, Math.min(1, information / (Math.log(total) - Math.log(n11))));
}
