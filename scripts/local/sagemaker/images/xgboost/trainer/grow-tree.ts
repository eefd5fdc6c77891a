import type { RegressionTree } from '../model/model.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { fillHistogram, subtractHistogram } from './histogram.ts';
import type { Split, SplitParams } from './split.ts';
import { findSplit, leafWeight } from './split.ts';
import { TreeBuilder } from './tree-builder.ts';

export interface GrowParams extends SplitParams {
  readonly eta: number;
  /** 0 = no limit. */
  readonly maxDepth: number;
}

/** A tree, and the leaf value that each of the rows it was grown on ended in. */
export interface GrownTree {
  readonly tree: RegressionTree;
  /** Calls `visit` with the rows of each leaf and the leaf's value. */
  forEachLeaf(visit: (rows: Int32Array, value: number) => void): void;
}

interface OpenNode {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly histogram: Float64Array;
}

/**
 * Grows one tree depth first: the histogram of the smaller child is counted, that of its sibling is the difference to
 * their parent, so at most depth + 1 histograms are alive.
 *
 * @param rows the rows to grow on; reordered in place.
 * @param gradients pairs of first and second derivative per row of the matrix.
 * @param features the columns that may be split on.
 */
export function growTree(
  matrix: BinnedMatrix,
  rows: Int32Array,
  gradients: Float32Array,
  features: Int32Array,
  params: GrowParams,
): GrownTree {
  const builder = new TreeBuilder();
  const leaves: { start: number; end: number; value: number }[] = [];
  const pool: Float64Array[] = [];
  const slots = 2 * (matrix.slotStarts[matrix.featureCount] as number);
  const takeHistogram = (): Float64Array => pool.pop() ?? new Float64Array(slots);
  const scratch = new Int32Array(rows.length);
  const open: OpenNode[] = [rootNode(matrix, rows, gradients, builder, takeHistogram())];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const mayGrow = params.maxDepth === 0 || node.depth < params.maxDepth;
    const split = mayGrow
      ? findSplit(node.histogram, matrix, features, node.gradient, node.hessian, params)
      : undefined;
    if (split === undefined) {
      const value = Math.fround(params.eta * leafWeight(node.gradient, node.hessian, params));
      builder.setLeaf(node.id, value, node.hessian);
      leaves.push({ start: node.start, end: node.end, value });
      pool.push(node.histogram);
      continue;
    }
    const weight = leafWeight(node.gradient, node.hessian, params);
    const left = builder.setSplit(node.id, split, weight, node.hessian);
    const middle = partition(matrix, rows, scratch, node.start, node.end, split);
    const needsHistograms = params.maxDepth === 0 || node.depth + 1 < params.maxDepth;
    open.push(
      ...childNodes(matrix, rows, gradients, node, split, left, middle, needsHistograms, takeHistogram()),
    );
  }
  return {
    tree: builder.build(),
    forEachLeaf: (visit) => {
      for (const { start, end, value } of leaves) visit(rows.subarray(start, end), value);
    },
  };
}

function rootNode(
  matrix: BinnedMatrix,
  rows: Int32Array,
  gradients: Float32Array,
  builder: TreeBuilder,
  histogram: Float64Array,
): OpenNode {
  fillHistogram(histogram, matrix, rows, 0, rows.length, gradients);
  let gradient = 0;
  let hessian = 0;
  for (const row of rows) {
    gradient += gradients[2 * row] as number;
    hessian += gradients[2 * row + 1] as number;
  }
  return { id: builder.addRoot(), start: 0, end: rows.length, depth: 0, gradient, hessian, histogram };
}

function childNodes(
  matrix: BinnedMatrix,
  rows: Int32Array,
  gradients: Float32Array,
  parent: OpenNode,
  split: Split,
  leftId: number,
  middle: number,
  needsHistograms: boolean,
  spare: Float64Array,
): [OpenNode, OpenNode] {
  const leftIsSmaller = middle - parent.start <= parent.end - middle;
  if (needsHistograms) {
    const start = leftIsSmaller ? parent.start : middle;
    const end = leftIsSmaller ? middle : parent.end;
    fillHistogram(spare, matrix, rows, start, end, gradients);
    subtractHistogram(parent.histogram, spare);
  }
  const depth = parent.depth + 1;
  const left: OpenNode = {
    id: leftId,
    start: parent.start,
    end: middle,
    depth,
    gradient: split.leftGradient,
    hessian: split.leftHessian,
    histogram: leftIsSmaller ? spare : parent.histogram,
  };
  const right: OpenNode = {
    id: leftId + 1,
    start: middle,
    end: parent.end,
    depth,
    gradient: parent.gradient - split.leftGradient,
    hessian: parent.hessian - split.leftHessian,
    histogram: leftIsSmaller ? parent.histogram : spare,
  };
  return [right, left];
}

/** Puts the rows that go left first, keeping their order. @returns where the right ones start. */
function partition(
  matrix: BinnedMatrix,
  rows: Int32Array,
  scratch: Int32Array,
  start: number,
  end: number,
  split: Split,
): number {
  const { bins, featureCount } = matrix;
  const missingBin = (matrix.cuts[split.feature] as Float32Array).length;
  let lefts = start;
  let rights = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    const bin = bins[row * featureCount + split.feature] as number;
    const left = bin === missingBin ? split.defaultLeft : bin <= split.bin;
    if (left) rows[lefts++] = row;
    else scratch[rights++] = row;
  }
  rows.set(scratch.subarray(0, rights), lefts);
  return lefts;
}
