import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scikitLearn } from '#test/fixtures/metrics/scikit-learn.ts';
import { measure } from './measure.ts';
import { auc, classScores, confusionMatrix, logLoss, macroScores, r2 } from './metrics.ts';

const { binary, multiclass, regression } = scikitLearn;
const close = (metrics: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, expect.closeTo(value, 12)]));

describe('metrics', () => {
  it('are scikit-learn’s for a binary classification with tied scores', () => {
    const measured = measure(
      'binary_classification',
      binary.labels,
      binary.scores.map((score) => [score]),
    );
    expect(measured).toEqual({ metrics: close(binary.expected), confusionMatrix: binary.confusion });
  });

  it('are scikit-learn’s for three classes', () => {
    const measured = measure('multiclass_classification', multiclass.labels, multiclass.probabilities);
    expect(measured).toEqual({ metrics: close(multiclass.expected), confusionMatrix: multiclass.confusion });
  });

  it('are scikit-learn’s for a regression', () => {
    const measured = measure(
      'regression',
      regression.labels,
      regression.values.map((value) => [value]),
    );
    expect(measured).toEqual({ metrics: close(regression.expected) });
  });

  it('leave out what one class or a constant target does not define', () => {
    expect(measure('binary_classification', [1, 1], [[0.9], [0.2]]).metrics).not.toHaveProperty('auc');
    expect(r2([3, 3, 3], [1, 2, 3])).toBeUndefined();
  });

  it('count a share of nothing as 0', () => {
    expect(classScores(confusionMatrix([1, 0], [0, 0], 2), 1)).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(macroScores(confusionMatrix([0, 0, 1, 2], [0, 0, 0, 0], 3))).toEqual({
      precision: expect.closeTo(1 / 6, 12),
      recall: expect.closeTo(1 / 3, 12),
      f1: expect.closeTo(2 / 9, 12),
    });
  });

  it('stay finite when a model is certain and wrong', () => {
    const certain = [
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 0],
    ];
    expect(logLoss([1, 0, 1, 0], certain)).toBeCloseTo(18.021826694558577, 9);
  });

  it('of the ROC curve are the share of pairs in the right order, ties counting half', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 5 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (pairs) => {
        const positives = pairs.filter(([label]) => label === 1).map(([, score]) => score);
        const negatives = pairs.filter(([label]) => label === 0).map(([, score]) => score);
        const wins = positives.flatMap((p) => negatives.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)));
        const expected = wins.length === 0 ? undefined : wins.reduce((a, b) => a + b, 0) / wins.length;
        const actual = auc(
          pairs.map(([label]) => label),
          pairs.map(([, score]) => score),
        );
        if (expected === undefined) expect(actual).toBeUndefined();
        else expect(actual).toBeCloseTo(expected, 10);
      }),
    );
  });
});
