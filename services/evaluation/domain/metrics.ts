/**
 * Metrics of held-out predictions, defined as scikit-learn defines them (https://scikit-learn.org/stable/modules/model_evaluation.html);
 * tests compare with its values. All take labels and predictions of equal length, at least one row. A metric that the data does
 * not define is undefined.
 */

/** The smallest distance of a probability from 0 and 1 in logarithms: the machine epsilon, as scikit-learn clips. */
const epsilon = Number.EPSILON;
/** From this probability on a row counts as positive. */
export const decisionThreshold = 0.5;

/**
 * Area under the ROC curve: the probability that a positive row scores higher than a negative one, ties counting half
 * (Mann and Whitney's U over mid-ranks; Hanley and McNeil 1982). `labels` are 0 or 1. Undefined with one class only.
 */
export function auc(labels: readonly number[], scores: readonly number[]): number | undefined {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    // Ranks from+1 … to, counted from 1, are shared by equal scores.
    const midRank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) {
      if (labels[order[i]!] === 1) {
        positives++;
        rankSum += midRank;
      }
    }
    from = to;
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean negative logarithm of the probability given to the true class. `probabilities` has a row per label, a column per class. */
export function logLoss(labels: readonly number[], probabilities: readonly (readonly number[])[]): number {
  return mean(labels, (label, i) => {
    const probability = probabilities[i]![label] ?? 0;
    return -Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
  });
}

/** Rows by true class, columns by predicted class. */
export type ConfusionMatrix = readonly (readonly number[])[];

export function confusionMatrix(
  labels: readonly number[],
  predicted: readonly number[],
  classes: number,
): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    const row = matrix[label]!;
    const column = predicted[i]!;
    row[column] = (row[column] ?? 0) + 1;
  });
  return matrix;
}

/** Share of rows on the diagonal. */
export function accuracy(matrix: ConfusionMatrix): number {
  const right = matrix.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
  return right / total(matrix);
}

export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Precision, recall and their harmonic mean of one class; a share of nothing is 0, as scikit-learn's zero_division says. */
export function classScores(matrix: ConfusionMatrix, label: number): ClassScores {
  const truePositives = matrix[label]?.[label] ?? 0;
  const predicted = matrix.reduce((sum, row) => sum + (row[label] ?? 0), 0);
  const actual = (matrix[label] ?? []).reduce((sum, count) => sum + count, 0);
  return {
    precision: share(truePositives, predicted),
    recall: share(truePositives, actual),
    f1: share(2 * truePositives, predicted + actual),
  };
}

/** Mean over the classes that occur in labels or predictions, each counting the same (average='macro'). */
export function macroScores(matrix: ConfusionMatrix): ClassScores {
  const occurring = Array.from(matrix.keys()).filter(
    (label) => matrix[label]!.some((count) => count > 0) || matrix.some((row) => (row[label] ?? 0) > 0),
  );
  const scores = occurring.map((label) => classScores(matrix, label));
  return {
    precision: mean(scores, ({ precision }) => precision),
    recall: mean(scores, ({ recall }) => recall),
    f1: mean(scores, ({ f1 }) => f1),
  };
}

/** Root of the mean squared error, in the unit of the target. */
export function rmse(labels: readonly number[], values: readonly number[]): number {
  return Math.sqrt(mean(labels, (label, i) => (label - values[i]!) ** 2));
}

/** Mean absolute error, in the unit of the target. */
export function mae(labels: readonly number[], values: readonly number[]): number {
  return mean(labels, (label, i) => Math.abs(label - values[i]!));
}

/** Share of the target's variance that the values explain. Undefined where the target does not vary. */
export function r2(labels: readonly number[], values: readonly number[]): number | undefined {
  const average = mean(labels, (label) => label);
  const variance = mean(labels, (label) => (label - average) ** 2);
  if (variance === 0) return undefined;
  return 1 - mean(labels, (label, i) => (label - values[i]!) ** 2) / variance;
}

/** Index of the greatest value; the first of equals. */
export function argmax(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, i) => {
    if (value > values[best]!) best = i;
  });
  return best;
}

function mean<T>(items: readonly T[], value: (item: T, index: number) => number): number {
  let sum = 0;
  items.forEach((item, i) => {
    sum += value(item, i);
  });
  return sum / items.length;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const total = (matrix: ConfusionMatrix): number =>
  matrix.reduce((sum, row) => sum + row.reduce((rowSum, count) => rowSum + count, 0), 0);
