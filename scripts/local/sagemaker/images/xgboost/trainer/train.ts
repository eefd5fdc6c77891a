import type { RegressionTree, XgboostModel } from '../model/model.ts';
import { baseMargin, outputGroups } from '../model/model.ts';
import { createPredictor, transformMargins } from '../model/predictor.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { binDataset } from './binned-matrix.ts';
import type { Dataset } from './dataset.ts';
import type { Evaluation } from './early-stopping.ts';
import { EarlyStopping } from './early-stopping.ts';
import type { GrowParams } from './grow-tree.ts';
import { growTree } from './grow-tree.ts';
import { EVAL_METRICS } from './metrics.ts';
import type { TrainableObjective } from './objective.ts';
import { assertLabels, computeGradients, estimateBaseScore } from './objective.ts';
import { randomStream, sampleIndices } from './random.ts';

/** Everything that decides what model comes out; names and defaults are XGBoost's. */
export interface TrainParams extends GrowParams {
  readonly objective: TrainableObjective;
  readonly classCount: number;
  readonly roundCount: number;
  readonly subsample: number;
  readonly colsampleByTree: number;
  readonly scalePosWeight: number;
  /** Estimated from the labels when absent. */
  readonly baseScore?: number;
  readonly maxBin: number;
  /** `approx` cuts the features anew each round, weighted by second derivatives; `hist` once. */
  readonly treeMethod: 'hist' | 'approx';
  readonly seed: number;
  readonly evalMetrics: readonly string[];
  /** Stops after so many rounds without a better last metric on the validation set, and keeps the best round. */
  readonly earlyStoppingRounds?: number;
}

interface Watched {
  readonly name: 'train' | 'validation';
  readonly dataset: Dataset;
  readonly margins: Float32Array;
}

/**
 * Gradient boosting of regression trees by histograms (Chen & Guestrin 2016; XGBoost's `hist`). Same parameters, data and
 * seed give the same model, bit by bit.
 *
 * @param onRound told of each round's evaluations, in the order of XGBoost's log.
 * @throws Error when labels do not fit the objective or the validation set has other columns.
 */
export function train(
  params: TrainParams,
  dataset: Dataset,
  validation: Dataset | undefined,
  onRound: (round: number, evaluations: readonly Evaluation[]) => void,
): XgboostModel {
  for (const part of validation === undefined ? [dataset] : [dataset, validation])
    assertLabels(params.objective, part.labels, params.classCount);
  if (validation !== undefined && validation.featureCount !== dataset.featureCount)
    throw new Error(
      `The validation channel has ${validation.featureCount} features, the train channel ${dataset.featureCount}; they must be equal.`,
    );
  const groups = outputGroups(params);
  const baseScore = params.baseScore ?? estimateBaseScore(params.objective, dataset, params.scalePosWeight);
  // The file keeps nine digits; boosting starts from exactly what a reader of the file will start from.
  const storedScore = Number(baseScore.toExponential(8));
  const start = baseMargin(params.objective, storedScore);
  const watch = (name: Watched['name'], part: Dataset): Watched => ({
    name,
    dataset: part,
    margins: new Float32Array(part.rowCount * groups).fill(start),
  });
  const watched = [
    watch('train', dataset),
    ...(validation === undefined ? [] : [watch('validation', validation)]),
  ];
  const rounds: RegressionTree[][] = [];
  const progress = new EarlyStopping(params.earlyStoppingRounds);
  let matrix = params.treeMethod === 'hist' ? binDataset(dataset, params.maxBin, dataset.weights) : undefined;
  for (let round = 0; round < params.roundCount; round++) {
    const gradients = computeGradients(
      params.objective,
      dataset,
      (watched[0] as Watched).margins,
      groups,
      params.scalePosWeight,
    );
    if (params.treeMethod === 'approx')
      matrix = binDataset(dataset, params.maxBin, hessians(gradients[0] as Float32Array));
    rounds.push(boostRound(params, round, matrix as BinnedMatrix, gradients, watched));
    const evaluations = evaluate(params, watched, groups);
    onRound(round, evaluations);
    if (progress.shouldStop(round, evaluations)) break;
  }
  const kept = rounds.slice(0, progress.roundsToKeep(rounds.length));
  return {
    objective: params.objective,
    featureCount: dataset.featureCount,
    classCount: params.classCount,
    baseScores: Array.from({ length: groups }, () => storedScore),
    scalePosWeight: params.scalePosWeight,
    trees: kept.flat(),
    treeGroups: Int32Array.from({ length: kept.length * groups }, (_, tree) => tree % groups),
    attributes: progress.attributes(),
  };
}

function hessians(gradients: Float32Array): Float32Array {
  return Float32Array.from({ length: gradients.length / 2 }, (_, row) => gradients[2 * row + 1] as number);
}

/** Grows one tree per output group and adds it to the margins. */
function boostRound(
  params: TrainParams,
  round: number,
  matrix: BinnedMatrix,
  gradients: readonly Float32Array[],
  watched: readonly Watched[],
): RegressionTree[] {
  const random = randomStream(params.seed, round);
  const rows = sampleRows(matrix.rowCount, params.subsample, random);
  return gradients.map((pairs, group) => {
    const featureCount = Math.max(1, Math.floor(params.colsampleByTree * matrix.featureCount));
    const features = sampleIndices(matrix.featureCount, featureCount, random);
    const grown = growTree(matrix, rows.slice(), pairs, features, params);
    for (const part of watched) {
      // The grower knows the leaf of every row that it saw; only other rows have to walk down the tree.
      if (part.name === 'train' && rows.length === matrix.rowCount)
        addLeaves(grown.forEachLeaf, part.margins, gradients.length, group);
      else addTree(params, grown.tree, part, gradients.length, group);
    }
    return grown.tree;
  });
}

function sampleRows(rowCount: number, share: number, random: () => number): Int32Array {
  const all = Int32Array.from({ length: rowCount }, (_, row) => row);
  return share === 1 ? all : all.filter(() => random() < share);
}

function addLeaves(
  forEachLeaf: (visit: (rows: Int32Array, value: number) => void) => void,
  margins: Float32Array,
  groups: number,
  group: number,
): void {
  forEachLeaf((rows, value) => {
    for (const row of rows) {
      const at = row * groups + group;
      margins[at] = (margins[at] as number) + value;
    }
  });
}

function addTree(
  params: TrainParams,
  tree: RegressionTree,
  part: Watched,
  groups: number,
  group: number,
): void {
  const single: XgboostModel = {
    objective: 'reg:squarederror',
    featureCount: part.dataset.featureCount,
    classCount: 0,
    baseScores: [0],
    scalePosWeight: params.scalePosWeight,
    trees: [tree],
    treeGroups: new Int32Array(1),
    attributes: {},
  };
  const values = createPredictor(single).predictMargins(part.dataset.values, part.dataset.rowCount);
  for (let row = 0; row < values.length; row++) {
    const at = row * groups + group;
    part.margins[at] = (part.margins[at] as number) + (values[row] as number);
  }
}

function evaluate(params: TrainParams, watched: readonly Watched[], groups: number): Evaluation[] {
  // Metrics of softmax are computed on probabilities, as XGBoost's are.
  const objective = params.objective === 'multi:softmax' ? 'multi:softprob' : params.objective;
  return watched.flatMap(({ name, dataset, margins }) => {
    const predictions = transformMargins(objective, groups, margins);
    const { labels, weights } = dataset;
    const input = { labels, predictions, groups, ...(weights === undefined ? {} : { weights }) };
    return params.evalMetrics.map((metric) => ({
      dataset: name,
      metric,
      value: EVAL_METRICS[metric]?.compute(input) ?? Number.NaN,
    }));
  });
}
