import type { Objective } from '../model/model.ts';
import { argmax, sigmoid } from '../model/predictor.ts';
import type { Dataset } from './dataset.ts';

/** Objectives that can be trained. */
export const TRAINABLE_OBJECTIVES = [
  'binary:logistic',
  'reg:squarederror',
  'multi:softprob',
  'multi:softmax',
] as const;
export type TrainableObjective = (typeof TRAINABLE_OBJECTIVES)[number];

/** Smallest second derivative, as in XGBoost (kRtEps of the objectives). */
const MIN_HESSIAN = 1e-16;

/**
 * Refuses labels that the objective has no loss for.
 * @throws Error naming the row, its label and what is allowed.
 */
export function assertLabels(objective: Objective, labels: Float32Array, classCount: number): void {
  const allowed: readonly [text: string, test: (label: number) => boolean] =
    objective === 'binary:logistic'
      ? ['in [0,1] for logistic regression', (label) => label >= 0 && label <= 1]
      : objective === 'reg:squarederror'
        ? ['a finite number', Number.isFinite]
        : [
            `a whole number in [0, num_class), num_class is ${classCount}`,
            (label) => Number.isInteger(label) && label >= 0 && label < classCount,
          ];
  const wrong = labels.findIndex((label) => !allowed[1](label));
  if (wrong >= 0) throw new Error(`label must be ${allowed[0]}; row ${wrong + 1} has ${labels[wrong]}.`);
}

/**
 * The prediction that XGBoost starts from when `base_score` is not given: the weighted mean of the labels; for multiclass 0.5.
 * A logistic mean of 0 or 1 would have an infinite margin and is moved inside, as XGBoost's own clamp does.
 */
export function estimateBaseScore(objective: Objective, dataset: Dataset, scalePosWeight: number): number {
  if (objective.startsWith('multi:')) return 0.5;
  let sum = 0;
  let total = 0;
  for (let row = 0; row < dataset.rowCount; row++) {
    const label = dataset.labels[row] as number;
    const weight = instanceWeight(objective, dataset, row, scalePosWeight);
    sum += label * weight;
    total += weight;
  }
  const mean = sum / total;
  return objective === 'binary:logistic' ? Math.min(1 - 1e-6, Math.max(1e-6, mean)) : mean;
}

function instanceWeight(objective: Objective, dataset: Dataset, row: number, scalePosWeight: number): number {
  const weight = dataset.weights === undefined ? 1 : (dataset.weights[row] as number);
  return objective === 'binary:logistic' && dataset.labels[row] === 1 ? weight * scalePosWeight : weight;
}

/**
 * First and second derivative of the loss of every row.
 * @param margins row-major, one per group.
 * @returns one array of pairs per output group.
 */
export function computeGradients(
  objective: Objective,
  dataset: Dataset,
  margins: Float32Array,
  groups: number,
  scalePosWeight: number,
): Float32Array[] {
  const out = Array.from({ length: groups }, () => new Float32Array(2 * dataset.rowCount));
  if (objective.startsWith('multi:')) fillSoftmax(dataset, margins, out);
  else fillSingle(objective, dataset, margins, out[0] as Float32Array, scalePosWeight);
  return out;
}

function fillSingle(
  objective: Objective,
  dataset: Dataset,
  margins: Float32Array,
  out: Float32Array,
  scalePosWeight: number,
): void {
  const logistic = objective === 'binary:logistic';
  for (let row = 0; row < dataset.rowCount; row++) {
    const margin = margins[row] as number;
    const label = dataset.labels[row] as number;
    const weight = instanceWeight(objective, dataset, row, scalePosWeight);
    const prediction = logistic ? sigmoid(margin) : margin;
    const hessian = logistic ? Math.max(prediction * (1 - prediction), MIN_HESSIAN) : 1;
    out[2 * row] = (prediction - label) * weight;
    out[2 * row + 1] = hessian * weight;
  }
}

/** Derivatives of the softmax cross entropy, the second one doubled as in XGBoost. */
function fillSoftmax(dataset: Dataset, margins: Float32Array, out: readonly Float32Array[]): void {
  const groups = out.length;
  const exponentials = new Float64Array(groups);
  for (let row = 0; row < dataset.rowCount; row++) {
    const start = row * groups;
    const greatest = margins[start + argmax(margins, start, groups)] as number;
    let sum = 0;
    for (let group = 0; group < groups; group++) {
      exponentials[group] = Math.exp((margins[start + group] as number) - greatest);
      sum += exponentials[group] as number;
    }
    const weight = dataset.weights === undefined ? 1 : (dataset.weights[row] as number);
    for (let group = 0; group < groups; group++) {
      const probability = (exponentials[group] as number) / sum;
      const target = dataset.labels[row] === group ? 1 : 0;
      const pairs = out[group] as Float32Array;
      pairs[2 * row] = (probability - target) * weight;
      pairs[2 * row + 1] = Math.max(2 * probability * (1 - probability), MIN_HESSIAN) * weight;
    }
  }
}
