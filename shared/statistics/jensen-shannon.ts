/**
 * Jensen-Shannon divergence in bits between two samples counted over the same bins: the mean Kullback-Leibler divergence from
 * their mean (Lin 1991, IEEE Trans. Inf. Theory 37). Between 0 and 1, finite without smoothing; 0 where a sample is empty.
 */
export function jensenShannonDivergence(reference: readonly number[], window: readonly number[]): number {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const [m, n] = [total(reference), total(window)];
  if (m === 0 || n === 0) return 0;
  const divergence = reference.reduce((sum, count, bin) => {
    const p = count / m;
    const q = window[bin]! / n;
    return sum + information(p, q) + information(q, p);
  }, 0);
  return Math.min(Math.max(divergence / 2, 0), 1);
}

/** What a bin adds to the divergence of a share from the mean of both. */
const information = (share: number, other: number): number =>
  share === 0 ? 0 : share * Math.log2((2 * share) / (share + other));
