/**
 * A sum of doubles without rounding: few numbers that do not overlap and together are the exact sum (Shewchuk, "Adaptive precision
 * floating-point arithmetic", 1997). Its value does not depend on the order in which numbers came.
 */
export type ExactSum = readonly number[];

export const emptySum: ExactSum = [];

/** The sum with one more number. One that leaves the range of doubles becomes infinite and stays so. */
export function addTo(sum: ExactSum, value: number): ExactSum {
  if (value === 0) return sum;
  const parts: number[] = [];
  let carried = value;
  for (const part of sum) {
    const [high, low] = Math.abs(carried) < Math.abs(part) ? [part, carried] : [carried, part];
    const total = high + low;
    if (!Number.isFinite(total)) return [total];
    const lost = low - (total - high);
    if (lost !== 0) parts.push(lost);
    carried = total;
  }
  if (carried !== 0 || parts.length === 0) parts.push(carried);
  return parts;
}

/** The double nearest to the sum. */
export function sumValue(sum: ExactSum): number {
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
