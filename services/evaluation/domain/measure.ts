import {
  accuracy,
  argmax,
  auc,
  type ConfusionMatrix,
  classScores,
  confusionMatrix,
  decisionThreshold,
  logLoss,
  macroScores,
  mae,
  r2,
  rmse,
} from './metrics.ts';

export type LearningTask = 'binary_classification' | 'multiclass_classification' | 'regression';

export interface Measurement {
  /** Metric name to value; metrics that the data does not define are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Of classifications: rows by true class, columns by predicted class, in the order of the signature's classes. */
  readonly confusionMatrix?: ConfusionMatrix;
}

/**
 * Measures predictions of held-out rows. `labels` are class indices, or the target's values; `predictions` have a row per label:
 * one number (binary: probability of class 1; regression: value), or one probability per class.
 */
export function measure(
  task: LearningTask,
  labels: readonly number[],
  predictions: readonly (readonly number[])[],
): Measurement {
  switch (task) {
    case 'binary_classification':
      return measureBinary(
        labels,
        predictions.map((row) => row[0]!),
      );
    case 'multiclass_classification':
      return measureMulticlass(labels, predictions);
    case 'regression':
      return measureRegression(
        labels,
        predictions.map((row) => row[0]!),
      );
  }
}

function measureBinary(labels: readonly number[], scores: readonly number[]): Measurement {
  const matrix = confusionMatrix(
    labels,
    scores.map((score) => (score >= decisionThreshold ? 1 : 0)),
    2,
  );
  return {
    confusionMatrix: matrix,
    metrics: defined({
      auc: auc(labels, scores),
      accuracy: accuracy(matrix),
      ...classScores(matrix, 1),
      log_loss: logLoss(
        labels,
        scores.map((score) => [1 - score, score]),
      ),
    }),
  };
}

function measureMulticlass(
  labels: readonly number[],
  probabilities: readonly (readonly number[])[],
): Measurement {
  const classes = probabilities[0]?.length ?? 0;
  const matrix = confusionMatrix(labels, probabilities.map(argmax), classes);
  return {
    confusionMatrix: matrix,
    metrics: {
      accuracy: accuracy(matrix),
      ...macroScores(matrix),
      log_loss: logLoss(labels, probabilities),
    },
  };
}

function measureRegression(labels: readonly number[], values: readonly number[]): Measurement {
  return {
    metrics: defined({ rmse: rmse(labels, values), mae: mae(labels, values), r2: r2(labels, values) }),
  };
}

function defined(metrics: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
