import { argmax } from '../model/predictor.ts';
import { sortedOrder } from './sorted-order.ts';

/** What a metric is computed from. */
interface MetricInput {
  readonly labels: Float32Array;
  readonly weights?: Float32Array;
  /** Predictions after transformation: one per row, or `groups` probabilities per row. */
  readonly predictions: Float32Array;
  readonly groups: number;
}

export interface EvalMetric {
  readonly maximize: boolean;
  readonly appliesTo: 'binary' | 'regression' | 'multiclass' | 'single';
  compute(input: MetricInput): number;
}

/** Metrics by their XGBoost names. `single` ones take any objective with one output. */
export const EVAL_METRICS: Readonly<Record<string, EvalMetric>> = {
  auc: { maximize: true, appliesTo: 'binary', compute: areaUnderCurve },
  logloss: { maximize: false, appliesTo: 'binary', compute: (input) => mean(input, logLoss) },
  error: {
    maximize: false,
    appliesTo: 'binary',
    compute: (input) => mean(input, (label, prediction) => (prediction > 0.5 === label > 0 ? 0 : 1)),
  },
  rmse: { maximize: false, appliesTo: 'single', compute: (input) => Math.sqrt(mean(input, squaredError)) },
  mae: {
    maximize: false,
    appliesTo: 'single',
    compute: (input) => mean(input, (label, prediction) => Math.abs(label - prediction)),
  },
  mlogloss: {
    maximize: false,
    appliesTo: 'multiclass',
    compute: (input) =>
      meanOfRows(input, (row, label) => -safeLog(input.predictions[row * input.groups + label] as number)),
  },
  merror: {
    maximize: false,
    appliesTo: 'multiclass',
    compute: (input) =>
      meanOfRows(input, (row, label) =>
        argmax(input.predictions, row * input.groups, input.groups) === label ? 0 : 1,
      ),
  },
};

/** Smallest probability that is taken the logarithm of, as in XGBoost. */
const MIN_PROBABILITY = 1e-16;

function safeLog(probability: number): number {
  return Math.log(Math.max(probability, MIN_PROBABILITY));
}

function logLoss(label: number, prediction: number): number {
  return -(label * safeLog(prediction) + (1 - label) * safeLog(1 - prediction));
}

function squaredError(label: number, prediction: number): number {
  return (label - prediction) ** 2;
}

function mean(input: MetricInput, loss: (label: number, prediction: number) => number): number {
  return meanOfRows(input, (row, label) => loss(label, input.predictions[row] as number));
}

function meanOfRows(input: MetricInput, loss: (row: number, label: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < input.labels.length; row++) {
    const weight = input.weights === undefined ? 1 : (input.weights[row] as number);
    sum += weight * loss(row, input.labels[row] as number);
    total += weight;
  }
  return sum / total;
}

/**
 * Area under the ROC curve: the weighted share of pairs of a positive and a negative row that are ranked right, equal
 * predictions counting half.
 * @returns NaN when only one class is present.
 */
function areaUnderCurve({ labels, weights, predictions }: MetricInput): number {
  const order = sortedOrder(predictions);
  let area = 0;
  let negatives = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    const prediction = predictions[order[i] as number] as number;
    let tiedNegatives = 0;
    let tiedPositives = 0;
    for (; i < order.length && predictions[order[i] as number] === prediction; i++) {
      const row = order[i] as number;
      const weight = weights === undefined ? 1 : (weights[row] as number);
      const label = labels[row] as number;
      tiedPositives += weight * label;
      tiedNegatives += weight * (1 - label);
    }
    area += tiedPositives * (negatives + tiedNegatives / 2);
    negatives += tiedNegatives;
    positives += tiedPositives;
  }
  return area / (negatives * positives);
}
