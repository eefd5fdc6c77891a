import type { Objective, RegressionTree, XgboostModel } from './model.ts';
import { baseMargin, outputGroups } from './model.ts';

const ROWS_PER_BLOCK = 64;

/**
 * All trees in flat arrays. The two children of a node are neighbours; a row goes right when its value is not less than the
 * threshold. A leaf is its own left child with threshold NaN, so that every row may take as many steps as the tree is
 * deep: without a branch per step the processor runs four rows at once.
 */
interface PackedTrees {
  readonly roots: Int32Array;
  readonly depths: Int32Array;
  /** Column of the widened row, see `widenRows`. */
  readonly columns: Int32Array;
  readonly thresholds: Float32Array;
  readonly left: Int32Array;
  readonly leafValues: Float32Array;
}

/** A model made ready for prediction. Sums are 32-bit floats in tree order, as in XGBoost, so that results agree to the last bits. */
export interface Predictor {
  readonly model: XgboostModel;
  /**
   * Margins (sums before the objective's transformation) of row-major `values`, missing as NaN.
   * @returns row-major, `outputGroups` values per row.
   */
  predictMargins(values: Float32Array, rowCount: number): Float32Array;
  /** Predictions: probabilities for logistic and softprob (one per class), the class for softmax, values for regression. */
  predict(values: Float32Array, rowCount: number): Float32Array;
}

/** Packs the trees once, so that many predictions are fast. */
export function createPredictor(model: XgboostModel): Predictor {
  const { featureCount, treeGroups } = model;
  const packed = packTrees(model.trees, featureCount);
  const groups = outputGroups(model);
  const margins = model.baseScores.map((score) => baseMargin(model.objective, score));
  const predictMargins = (values: Float32Array, rowCount: number): Float32Array => {
    const out = new Float32Array(rowCount * groups);
    for (let i = 0; i < out.length; i++) out[i] = margins[i % groups] as number;
    const block = new Float32Array(Math.min(rowCount, ROWS_PER_BLOCK) * 2 * featureCount);
    for (let start = 0; start < rowCount; start += ROWS_PER_BLOCK) {
      const count = Math.min(ROWS_PER_BLOCK, rowCount - start);
      widenRows(values, start, count, featureCount, block);
      for (let tree = 0; tree < packed.roots.length; tree++) {
        const at = start * groups + (treeGroups[tree] as number);
        addTree(packed, tree, block, count, 2 * featureCount, out, at, groups);
      }
    }
    return out;
  };
  return {
    model,
    predictMargins,
    predict: (values, rowCount) =>
      transformMargins(model.objective, groups, predictMargins(values, rowCount)),
  };
}

/**
 * Copies rows, each twice side by side: first with missing values as -Infinity, which is less than any threshold, then as
 * Infinity, which is not. A node reads the copy that sends missing values its way.
 */
function widenRows(
  values: Float32Array,
  firstRow: number,
  count: number,
  featureCount: number,
  block: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    const from = (firstRow + row) * featureCount;
    const to = row * 2 * featureCount;
    for (let feature = 0; feature < featureCount; feature++) {
      const value = values[from + feature] as number;
      const missing = Number.isNaN(value);
      block[to + feature] = missing ? Number.NEGATIVE_INFINITY : value;
      block[to + featureCount + feature] = missing ? Number.POSITIVE_INFINITY : value;
    }
  }
}

/** Adds a tree's value for each row of the block to every `groups`-th element of `out` from `outStart`. */
function addTree(
  packed: PackedTrees,
  tree: number,
  block: Float32Array,
  count: number,
  width: number,
  out: Float32Array,
  outStart: number,
  groups: number,
): void {
  const root = packed.roots[tree] as number;
  const depth = packed.depths[tree] as number;
  const { leafValues } = packed;
  let row = 0;
  for (; row + 3 < count; row += 4) {
    const start = row * width;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (let level = 0; level < depth; level++) {
      a = step(packed, block, a, start);
      b = step(packed, block, b, start + width);
      c = step(packed, block, c, start + 2 * width);
      d = step(packed, block, d, start + 3 * width);
    }
    const at = outStart + row * groups;
    out[at] = (out[at] as number) + (leafValues[a] as number);
    out[at + groups] = (out[at + groups] as number) + (leafValues[b] as number);
    out[at + 2 * groups] = (out[at + 2 * groups] as number) + (leafValues[c] as number);
    out[at + 3 * groups] = (out[at + 3 * groups] as number) + (leafValues[d] as number);
  }
  for (; row < count; row++) {
    let node = root;
    for (let level = 0; level < depth; level++) node = step(packed, block, node, row * width);
    const at = outStart + row * groups;
    out[at] = (out[at] as number) + (leafValues[node] as number);
  }
}

function step(
  { left, columns, thresholds }: PackedTrees,
  block: Float32Array,
  node: number,
  start: number,
): number {
  const value = block[start + (columns[node] as number)] as number;
  return (left[node] as number) + (value >= (thresholds[node] as number) ? 1 : 0);
}

function packTrees(trees: readonly RegressionTree[], featureCount: number): PackedTrees {
  const nodeCount = trees.reduce((sum, tree) => sum + tree.leftChildren.length, 0);
  const packed: PackedTrees = {
    roots: new Int32Array(trees.length),
    depths: new Int32Array(trees.length),
    columns: new Int32Array(nodeCount),
    thresholds: new Float32Array(nodeCount),
    left: new Int32Array(nodeCount),
    leafValues: new Float32Array(nodeCount),
  };
  let free = 0;
  trees.forEach((tree, index) => {
    packed.roots[index] = free;
    const pending = [{ node: 0, at: free++, depth: 0 }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { node, at, depth } = next;
      packed.depths[index] = Math.max(packed.depths[index] as number, depth);
      const left = tree.leftChildren[node] as number;
      const isLeaf = left === -1;
      packed.left[at] = isLeaf ? at : free;
      packed.thresholds[at] = isLeaf ? Number.NaN : (tree.splitConditions[node] as number);
      packed.leafValues[at] = tree.splitConditions[node] as number;
      if (isLeaf) continue;
      packed.columns[at] =
        (tree.splitIndices[node] as number) + (tree.defaultLeft[node] === 1 ? 0 : featureCount);
      pending.push({ node: left, at: free++, depth: depth + 1 });
      pending.push({ node: tree.rightChildren[node] as number, at: free++, depth: depth + 1 });
    }
  });
  return packed;
}

/** Turns margins into predictions; `multi:softmax` gives one class per row, all others keep the shape. */
export function transformMargins(objective: Objective, groups: number, margins: Float32Array): Float32Array {
  if (objective === 'binary:logistic' || objective === 'reg:logistic') return margins.map(sigmoid);
  if (objective === 'multi:softprob') return softmaxRows(margins, groups);
  if (objective === 'multi:softmax')
    return Float32Array.from({ length: margins.length / groups }, (_, row) =>
      argmax(margins, row * groups, groups),
    );
  return margins;
}

/** Logistic function with the clamp that XGBoost applies, so that `exp` never overflows a 32-bit float. */
export function sigmoid(margin: number): number {
  return 1 / (Math.exp(Math.min(-margin, 88.7)) + 1);
}

/** Index of the first greatest value of a row. */
export function argmax(values: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++)
    if ((values[start + i] as number) > (values[start + best] as number)) best = i;
  return best;
}

function softmaxRows(margins: Float32Array, groups: number): Float32Array {
  const out = new Float32Array(margins.length);
  for (let start = 0; start < margins.length; start += groups) {
    const greatest = margins[start + argmax(margins, start, groups)] as number;
    let sum = 0;
    for (let i = start; i < start + groups; i++) {
      out[i] = Math.exp((margins[i] as number) - greatest);
      sum += out[i] as number;
    }
    for (let i = start; i < start + groups; i++) out[i] = (out[i] as number) / sum;
  }
  return out;
}
