import type { RegressionTree, XgboostModel } from './model.ts';
import { baseMargin, outputGroups } from './model.ts';

/**
 * Contribution of every feature to the margin of every row: exact path-dependent TreeSHAP (Lundberg, Erion & Lee 2018,
 * "Consistent individualized feature attribution for tree ensembles", algorithm 2), what XGBoost calls `pred_contribs`.
 * The contributions of a row sum up to its margin.
 *
 * @param values row-major, missing as NaN.
 * @returns for each row and output group: one value per feature, then the bias.
 */
export function predictContributions(
  model: XgboostModel,
  values: Float32Array,
  rowCount: number,
): Float32Array {
  const { featureCount } = model;
  const groups = outputGroups(model);
  const width = featureCount + 1;
  const sums = new Float64Array(rowCount * groups * width);
  const trees = model.trees.map((tree) => new TreeExplainer(tree));
  for (let row = 0; row < rowCount; row++) {
    const rowStart = row * featureCount;
    const outStart = row * groups * width;
    for (let group = 0; group < groups; group++) {
      const bias = outStart + group * width + featureCount;
      sums[bias] = baseMargin(model.objective, model.baseScores[group] as number);
    }
    trees.forEach((tree, index) => {
      const start = outStart + (model.treeGroups[index] as number) * width;
      sums[start + featureCount] = (sums[start + featureCount] as number) + tree.expectedValue;
      tree.explain(values, rowStart, sums, start);
    });
  }
  return Float32Array.from(sums);
}

/** The path from the root to a node: for each feature met, the shares of subsets that flow through without and with it. */
class TreeExplainer {
  readonly expectedValue: number;
  readonly #tree: RegressionTree;
  readonly #features: Int32Array;
  readonly #zeroShares: Float64Array;
  readonly #oneShares: Float64Array;
  readonly #weights: Float64Array;

  constructor(tree: RegressionTree) {
    this.#tree = tree;
    const { value, depth } = meanAndDepth(tree, 0);
    this.expectedValue = value;
    const size = ((depth + 2) * (depth + 3)) / 2;
    this.#features = new Int32Array(size);
    this.#zeroShares = new Float64Array(size);
    this.#oneShares = new Float64Array(size);
    this.#weights = new Float64Array(size);
  }

  explain(values: Float32Array, rowStart: number, out: Float64Array, outStart: number): void {
    // A tree of one leaf explains nothing: its value is the bias.
    if (this.#tree.leftChildren[0] !== -1) this.#visit(0, 0, 0, 1, 1, -1, values, rowStart, out, outStart);
  }

  #visit(
    node: number,
    depth: number,
    parentPath: number,
    zeroShare: number,
    oneShare: number,
    feature: number,
    values: Float32Array,
    rowStart: number,
    out: Float64Array,
    outStart: number,
  ): void {
    const path = parentPath + depth;
    this.#copyPath(parentPath, path, depth);
    this.#extend(path, depth, zeroShare, oneShare, feature);
    const { leftChildren, splitConditions, splitIndices, sumHessian } = this.#tree;
    const left = leftChildren[node] as number;
    if (left === -1) {
      for (let i = 1; i <= depth; i++) {
        const weight = this.#unwoundSum(path, depth, i);
        const at = outStart + (this.#features[path + i] as number);
        const share = (this.#oneShares[path + i] as number) - (this.#zeroShares[path + i] as number);
        out[at] = (out[at] as number) + weight * share * (splitConditions[node] as number);
      }
      return;
    }
    const split = splitIndices[node] as number;
    const [hot, cold] = this.#children(node, left, values[rowStart + split] as number);
    const cover = sumHessian[node] as number;
    let remaining = depth;
    let zero = 1;
    let one = 1;
    let known = 1;
    while (known <= depth && this.#features[path + known] !== split) known++;
    if (known <= depth) {
      // The feature was split on before: undo that step, its shares go on in this one.
      zero = this.#zeroShares[path + known] as number;
      one = this.#oneShares[path + known] as number;
      this.#unwind(path, depth, known);
      remaining--;
    }
    const hotShare = ((sumHessian[hot] as number) / cover) * zero;
    const coldShare = ((sumHessian[cold] as number) / cover) * zero;
    this.#visit(hot, remaining + 1, path, hotShare, one, split, values, rowStart, out, outStart);
    this.#visit(cold, remaining + 1, path, coldShare, 0, split, values, rowStart, out, outStart);
  }

  /** The child that the row goes to, and the other one. */
  #children(node: number, left: number, value: number): [number, number] {
    const right = this.#tree.rightChildren[node] as number;
    const goesLeft = Number.isNaN(value)
      ? this.#tree.defaultLeft[node] === 1
      : value < (this.#tree.splitConditions[node] as number);
    return goesLeft ? [left, right] : [right, left];
  }

  #copyPath(from: number, to: number, count: number): void {
    this.#features.copyWithin(to, from, from + count);
    this.#zeroShares.copyWithin(to, from, from + count);
    this.#oneShares.copyWithin(to, from, from + count);
    this.#weights.copyWithin(to, from, from + count);
  }

  #extend(path: number, depth: number, zeroShare: number, oneShare: number, feature: number): void {
    const weights = this.#weights;
    this.#features[path + depth] = feature;
    this.#zeroShares[path + depth] = zeroShare;
    this.#oneShares[path + depth] = oneShare;
    weights[path + depth] = depth === 0 ? 1 : 0;
    for (let i = depth - 1; i >= 0; i--) {
      const weight = weights[path + i] as number;
      weights[path + i + 1] = (weights[path + i + 1] as number) + (oneShare * weight * (i + 1)) / (depth + 1);
      weights[path + i] = (zeroShare * weight * (depth - i)) / (depth + 1);
    }
  }

  #unwind(path: number, depth: number, index: number): void {
    const zeroShare = this.#zeroShares[path + index] as number;
    const oneShare = this.#oneShares[path + index] as number;
    const weights = this.#weights;
    let next = weights[path + depth] as number;
    for (let i = depth - 1; i >= 0; i--) {
      const weight = weights[path + i] as number;
      if (oneShare !== 0) {
        weights[path + i] = (next * (depth + 1)) / ((i + 1) * oneShare);
        next = weight - ((weights[path + i] as number) * zeroShare * (depth - i)) / (depth + 1);
      } else weights[path + i] = (weight * (depth + 1)) / (zeroShare * (depth - i));
    }
    this.#features.copyWithin(path + index, path + index + 1, path + depth + 1);
    this.#zeroShares.copyWithin(path + index, path + index + 1, path + depth + 1);
    this.#oneShares.copyWithin(path + index, path + index + 1, path + depth + 1);
  }

  /** Sum of the weights as `#unwind` would leave them. */
  #unwoundSum(path: number, depth: number, index: number): number {
    const zeroShare = this.#zeroShares[path + index] as number;
    const oneShare = this.#oneShares[path + index] as number;
    let next = this.#weights[path + depth] as number;
    let total = 0;
    for (let i = depth - 1; i >= 0; i--) {
      const weight = this.#weights[path + i] as number;
      if (oneShare !== 0) {
        const unwound = (next * (depth + 1)) / ((i + 1) * oneShare);
        total += unwound;
        next = weight - (unwound * zeroShare * (depth - i)) / (depth + 1);
      } else if (zeroShare !== 0) total += weight / ((zeroShare * (depth - i)) / (depth + 1));
    }
    return total;
  }
}

/** Mean of the leaves below a node, weighted by cover, and its height. */
function meanAndDepth(tree: RegressionTree, node: number): { value: number; depth: number } {
  const left = tree.leftChildren[node] as number;
  if (left === -1) return { value: tree.splitConditions[node] as number, depth: 0 };
  const right = tree.rightChildren[node] as number;
  const [l, r] = [meanAndDepth(tree, left), meanAndDepth(tree, right)];
  const [leftCover, rightCover] = [tree.sumHessian[left] as number, tree.sumHessian[right] as number];
  const value = (l.value * leftCover + r.value * rightCover) / (tree.sumHessian[node] as number);
  return { value, depth: Math.max(l.depth, r.depth) + 1 };
}
