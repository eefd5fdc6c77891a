import { describe, expect, it } from 'vitest';
import { EVAL_METRICS } from './metrics.ts';

const compute = (
  metric: string,
  labels: number[],
  predictions: number[],
  groups = 1,
  weights?: number[],
): number | undefined =>
  EVAL_METRICS[metric]?.compute({
    labels: Float32Array.from(labels),
    predictions: Float32Array.from(predictions),
    groups,
    ...(weights === undefined ? {} : { weights: Float32Array.from(weights) }),
  });

// Values by scikit-learn's metrics of the same names, or by hand.
describe('evaluation metrics', () => {
  it.each([
    ['auc', [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.75],
    ['auc', [0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], 0.5],
    ['auc', [1, 0], [-1, -2], 1],
    ['logloss', [1, 0], [0.8, 0.4], -(Math.log(Math.fround(0.8)) + Math.log(1 - Math.fround(0.4))) / 2],
    ['logloss', [1], [0], -Math.log(1e-16)],
    ['error', [1, 0, 1, 0], [0.5, 0.5, 0.9, 0.9], 0.5],
    ['rmse', [1, 2], [1, 4], Math.sqrt(2)],
    ['mae', [1, 2], [1, 4], 1],
  ])('%s of %j and %j', (metric, labels, predictions, expected) => {
    expect(compute(metric, labels, predictions)).toBeCloseTo(expected, 6);
  });

  it('has no AUC when only one class is present', () => {
    expect(compute('auc', [1, 1], [0.1, 0.2])).toBeNaN();
  });

  it('takes the most likely class and its probability', () => {
    expect(compute('merror', [0, 1], [0.6, 0.4, 0.6, 0.4], 2)).toBe(0.5);
    expect(compute('mlogloss', [0, 1], [0.5, 0.5, 0.75, 0.25], 2)).toBeCloseTo(
      -(Math.log(0.5) + Math.log(0.25)) / 2,
      6,
    );
  });

  it('weighs rows', () => {
    expect(compute('mae', [0, 0], [1, 4], 1, [2, 1])).toBeCloseTo(2, 6);
    expect(compute('auc', [0, 0, 1], [0.9, 0.1, 0.5], 1, [3, 1, 1])).toBeCloseTo(0.25, 6);
  });
});
