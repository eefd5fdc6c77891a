import type { BinnedMatrix } from './binned-matrix.ts';

/**
 * Adds up gradients of some rows per feature and bin. Slot `s` of the histogram holds the sum of first derivatives at
 * `2s` and of second derivatives at `2s + 1`.
 *
 * @param gradients pairs of first and second derivative per row.
 */
export function fillHistogram(
  histogram: Float64Array,
  matrix: BinnedMatrix,
  rows: Int32Array,
  start: number,
  end: number,
  gradients: Float32Array,
): void {
  histogram.fill(0);
  const { bins, slotStarts, featureCount } = matrix;
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    const first = gradients[2 * row] as number;
    const second = gradients[2 * row + 1] as number;
    const rowStart = row * featureCount;
    for (let feature = 0; feature < featureCount; feature++) {
      const at = ((slotStarts[feature] as number) + (bins[rowStart + feature] as number)) << 1;
      histogram[at] = (histogram[at] as number) + first;
      histogram[at + 1] = (histogram[at + 1] as number) + second;
    }
  }
}

/** Turns the histogram of a node into that of one child, given the other child's: the sums of a parent are those of its children. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i] = (parent[i] as number) - (child[i] as number);
}
