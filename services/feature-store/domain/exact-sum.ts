/**
 * A sum of doubles without rounding: few numbers that do not overlap and together are the exact sum (Shewchuk, "Adaptive precision
 * floating-point arithmetic", 1997). Its value does not depend on the order in which numbers came.
 */
export type ExactSum = number[];

/** Adds a number to the sum in place. One that leaves the range of doubles becomes infinite and stays so. */
export function addTo(sum: ExactSum, value: number): void {
  if (value === 0) return;
  let carried = value;
  let kept = 0;
  for (let place = 0; place < sum.length; place++) {
    const part = sum[place]!;
    const isPartGreater = Math.abs(carried) < Math.abs(part);
    const low = isPartGreater ? carried : part;
    const high = isPartGreater ? part : carried;
    const total = high + low;
    if (!Number.isFinite(total)) {
      sum.splice(0, sum.length, total);
      return;
    }
    const lost = low - (total - high);
    if (lost !== 0) sum[kept++] = lost;
    carried = total;
  }
  if (carried !== 0 || kept === 0) sum[kept++] = carried;
  sum.length = kept;
}

/** The double nearest to the sum. */
export function sumValue(sum: readonly number[]): number {
  let [total, lost] = [0, 0];
  let index = sum.length - 1;
  if (index >= 0) total = sum[index--]!;
  while (index >= 0) {
    const before = total;
    const part = sum[index--]!;
    total = before + part;
    lost = part - (total - before);
    if (lost !== 0) break;
  }
  // Halfway between two doubles: what lies below decides.
  const below = sum[index] ?? 0;
  if ((lost < 0 && below < 0) || (lost > 0 && below > 0)) {
    const doubled = lost * 2;
    const candidate = total + doubled;
    if (doubled === candidate - total) return candidate;
  }
  return total;
}
