import type { Objective, RegressionTree, XgboostModel } from './model.ts';
import { baseMargin, outputGroups } from './model.ts';

const ROWS_PER_BLOCK = 64;
/** Words of one node in the packed arrays: feature (-1 = leaf), threshold or leaf value, left child, missing goes left. */
const NODE_WORDS = 4;

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

/** Packs the trees so that the two children of a node are neighbours and a step is one comparison. */
export function createPredictor(model: XgboostModel): Predictor {
  const { words, roots } = packTrees(model.trees);
  const floats = new Float32Array(words.buffer);
  const groups = outputGroups(model);
  const margins = model.baseScores.map((score) => baseMargin(model.objective, score));
  const predictMargins = (values: Float32Array, rowCount: number): Float32Array => {
    const out = new Float32Array(rowCount * groups);
    for (let i = 0; i < out.length; i++) out[i] = margins[i % groups] as number;
    for (let start = 0; start < rowCount; start += ROWS_PER_BLOCK) {
      const end = Math.min(rowCount, start + ROWS_PER_BLOCK);
      for (let tree = 0; tree < roots.length; tree++) {
        const group = model.treeGroups[tree] as number;
        addTree(
          words,
          floats,
          roots[tree] as number,
          values,
          model.featureCount,
          start,
          end,
          out,
          groups,
          group,
        );
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

function addTree(
  words: Int32Array,
  floats: Float32Array,
  root: number,
  values: Float32Array,
  featureCount: number,
  start: number,
  end: number,
  out: Float32Array,
  groups: number,
  group: number,
): void {
  for (let row = start; row < end; row++) {
    const rowStart = row * featureCount;
    let node = root;
    let feature = words[node] as number;
    while (feature >= 0) {
      const value = values[rowStart + feature] as number;
      const threshold = floats[node + 1] as number;
      // Comparisons with NaN are false: `<` sends a missing value right, `!(>=)` sends it left.
      const left = words[node + 3] === 1 ? !(value >= threshold) : value < threshold;
      node = (words[node + 2] as number) + (left ? 0 : NODE_WORDS);
      feature = words[node] as number;
    }
    const at = row * groups + group;
    out[at] = (out[at] as number) + (floats[node + 1] as number);
  }
}

function packTrees(trees: readonly RegressionTree[]): { words: Int32Array; roots: Int32Array } {
  const nodeCount = trees.reduce((sum, tree) => sum + tree.leftChildren.length, 0);
  const words = new Int32Array(nodeCount * NODE_WORDS);
  const floats = new Float32Array(words.buffer);
  const roots = new Int32Array(trees.length);
  let free = 0;
  trees.forEach((tree, index) => {
    roots[index] = free;
    const order = [{ node: 0, at: free }];
    free += NODE_WORDS;
    for (let next = order.pop(); next !== undefined; next = order.pop()) {
      const { node, at } = next;
      const left = tree.leftChildren[node] as number;
      words[at] = left === -1 ? -1 : (tree.splitIndices[node] as number);
      floats[at + 1] = tree.splitConditions[node] as number;
      if (left === -1) continue;
      words[at + 2] = free;
      words[at + 3] = tree.defaultLeft[node] as number;
      order.push(
        { node: left, at: free },
        { node: tree.rightChildren[node] as number, at: free + NODE_WORDS },
      );
      free += 2 * NODE_WORDS;
    }
  });
  return { words, roots };
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
