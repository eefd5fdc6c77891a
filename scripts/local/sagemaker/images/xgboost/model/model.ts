/** One regression tree in XGBoost's node arrays. A node is a leaf when its left child is -1; its value is then in `splitConditions`. */
export interface RegressionTree {
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  /** Parent of each node; 2147483647 for the root. */
  readonly parents: Int32Array;
  readonly splitIndices: Int32Array;
  /** A row goes left when its value is less than this. */
  readonly splitConditions: Float32Array;
  /** 1 where a missing value goes left. */
  readonly defaultLeft: Uint8Array;
  /** Weight of a node: times eta on leaves, not on inner nodes (as XGBoost writes them). */
  readonly baseWeights: Float32Array;
  readonly lossChanges: Float32Array;
  /** Sum of second derivatives of the training rows in the node: its cover. */
  readonly sumHessian: Float32Array;
}

/** Learning objectives that can be served. The first four can also be trained. */
export const OBJECTIVES = [
  'binary:logistic',
  'reg:squarederror',
  'multi:softprob',
  'multi:softmax',
  'binary:logitraw',
  'reg:logistic',
] as const;
export type Objective = (typeof OBJECTIVES)[number];

/** A gradient-boosted tree ensemble, as stored in an XGBoost model file. */
export interface XgboostModel {
  readonly objective: Objective;
  readonly featureCount: number;
  /** Number of classes; 0 unless the objective is `multi:*`. */
  readonly classCount: number;
  /** Prediction before the first tree, on the scale of predictions (a probability for logistic); one per output group. */
  readonly baseScores: readonly number[];
  readonly scalePosWeight: number;
  readonly trees: readonly RegressionTree[];
  /** Output group (class) of each tree. */
  readonly treeGroups: Int32Array;
  /** Free text members such as `best_iteration`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Number of values that a prediction of the ensemble sums up: one per class for `multi:*`, otherwise one. */
export function outputGroups(model: Pick<XgboostModel, 'classCount'>): number {
  return Math.max(1, model.classCount);
}

/**
 * The margin that a base score stands for.
 * @throws Error when a logistic objective has a base score outside (0, 1).
 */
export function baseMargin(objective: Objective, baseScore: number): number {
  if (objective !== 'binary:logistic' && objective !== 'reg:logistic' && objective !== 'binary:logitraw')
    return Math.fround(baseScore);
  if (!(baseScore > 0 && baseScore < 1))
    throw new Error(`base_score ${baseScore} is not allowed for ${objective}; it must lie between 0 and 1.`);
  return Math.fround(-Math.log(1 / baseScore - 1));
}
