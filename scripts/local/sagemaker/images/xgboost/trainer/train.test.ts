import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPredictor } from '../model/predictor.ts';
import { writeModel } from '../model/write-model.ts';
import type { Dataset } from './dataset.ts';
import type { Evaluation } from './early-stopping.ts';
import { EVAL_METRICS } from './metrics.ts';
import type { TrainParams } from './train.ts';
import { train } from './train.ts';

const params = (changes: Partial<TrainParams> = {}): TrainParams => ({
  objective: 'binary:logistic',
  classCount: 0,
  roundCount: 20,
  eta: 0.3,
  maxDepth: 4,
  lambda: 1,
  alpha: 0,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  colsampleByTree: 1,
  scalePosWeight: 1,
  maxBin: 256,
  treeMethod: 'hist',
  seed: 0,
  evalMetrics: ['auc'],
  ...changes,
});

/** A deterministic data set: the label depends on a sum and a product of features. */
function generated(
  rowCount: number,
  label: (x: readonly number[], noise: number) => number,
  missingShare = 0,
): Dataset {
  const featureCount = 6;
  const values = new Float32Array(rowCount * featureCount);
  const labels = new Float32Array(rowCount);
  let state = 12345;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let row = 0; row < rowCount; row++) {
    const x = Array.from({ length: featureCount }, () => random() * 2 - 1);
    labels[row] = label(x, random() - 0.5);
    x.forEach((value, feature) => {
      values[row * featureCount + feature] = random() < missingShare ? Number.NaN : value;
    });
  }
  return { rowCount, featureCount, values, labels };
}
const half = (dataset: Dataset, second: boolean): Dataset => {
  const middle = dataset.rowCount / 2;
  const [from, to] = second ? [middle, dataset.rowCount] : [0, middle];
  const { featureCount } = dataset;
  return {
    rowCount: middle,
    featureCount,
    values: dataset.values.slice(from * featureCount, to * featureCount),
    labels: dataset.labels.slice(from, to),
  };
};
const binary = generated(4000, (x, noise) =>
  (x[0] as number) + (x[1] as number) * (x[2] as number) * 2 + noise > 0 ? 1 : 0,
);
const run = (changes: Partial<TrainParams> = {}, data = binary) => {
  const log: Evaluation[][] = [];
  const model = train(params(changes), half(data, false), half(data, true), (_round, evaluations) =>
    log.push([...evaluations]),
  );
  const last = Object.fromEntries(
    (log.at(-1) ?? []).map(({ dataset, metric, value }) => [`${dataset}-${metric}`, value]),
  );
  return { model, log, last };
};

describe('train', () => {
  it('learns a binary target from sums and products', () => {
    expect(run().last['validation-auc']).toBeGreaterThan(0.94);
  });

  it('learns a regression target', () => {
    const data = generated(4000, (x, noise) => 3 * (x[0] as number) + (x[1] as number) ** 2 + noise * 0.1);
    const { last } = run(
      { objective: 'reg:squarederror', evalMetrics: ['rmse', 'mae'], roundCount: 50 },
      data,
    );
    expect(last['validation-rmse']).toBeLessThan(0.25);
    expect(last['validation-mae']).toBeLessThan(last['validation-rmse'] as number);
  });

  it.each(['multi:softprob', 'multi:softmax'] as const)('learns classes with %s', (objective) => {
    const data = generated(4000, (x) => ((x[0] as number) > 0.3 ? 2 : (x[1] as number) > 0 ? 1 : 0));
    const { last, model } = run({ objective, classCount: 3, evalMetrics: ['merror', 'mlogloss'] }, data);
    expect(last['validation-merror']).toBeLessThan(0.02);
    expect(model.trees).toHaveLength(60);
    const predictions = createPredictor(model).predict(data.values, 10);
    expect(predictions).toHaveLength(objective === 'multi:softmax' ? 10 : 30);
  });

  it('learns where missing values should go', () => {
    const data = generated(4000, (x, noise) => ((x[0] as number) + noise * 0.2 > 0 ? 1 : 0));
    // A feature that is missing exactly where the label is 1 tells everything by being missing.
    for (let row = 0; row < data.rowCount; row++)
      if (data.labels[row] === 1) data.values[row * data.featureCount] = Number.NaN;
    expect(run({ roundCount: 1, maxDepth: 1 }, data).last['validation-auc']).toBe(1);
  });

  it.each([
    ['the same', {}],
    ['rows and columns drawn', { subsample: 0.7, colsampleByTree: 0.5, seed: 7 }],
    ['approx', { treeMethod: 'approx' as const }],
  ])('gives the same bytes again with %s', (_what, changes) => {
    expect(writeModel(run(changes).model).equals(writeModel(run(changes).model))).toBe(true);
  });

  it('draws differently with another seed', () => {
    const bytes = (seed: number): Buffer => writeModel(run({ subsample: 0.7, seed }).model);
    expect(bytes(1).equals(bytes(2))).toBe(false);
  });

  it('predicts with the stored model what it evaluated while training', () => {
    const data = generated(2000, (x) => ((x[0] as number) > 0 ? 1 : 0), 0.2);
    for (const changes of [{}, { subsample: 0.5, colsampleByTree: 0.5 }]) {
      const { model, last } = run({ ...changes, evalMetrics: ['logloss'] }, data);
      const validation = half(data, true);
      const predictions = createPredictor(model).predict(validation.values, validation.rowCount);
      const again = EVAL_METRICS['logloss']?.compute({ labels: validation.labels, predictions, groups: 1 });
      expect(again).toBeCloseTo(last['validation-logloss'] as number, 6);
    }
  });

  it('keeps the best round when it stops early', () => {
    const noisy = generated(600, (x, noise) => ((x[0] as number) + noise * 3 > 0 ? 1 : 0));
    const { model, log } = run({ roundCount: 200, earlyStoppingRounds: 5, evalMetrics: ['logloss'] }, noisy);
    const values = log.map((evaluations) => evaluations[1]?.value as number);
    const best = values.indexOf(Math.min(...values));
    expect(log).toHaveLength(best + 6);
    expect(model.trees).toHaveLength(best + 1);
    expect(model.attributes['best_iteration']).toBe(String(best));
  });

  it('makes no split that gains less than gamma', () => {
    expect(run({ gamma: 1e9 }).model.trees.every((tree) => tree.leftChildren.length === 1)).toBe(true);
  });

  it('respects the depth and the weight of children', () => {
    const { model } = run({ maxDepth: 2, minChildWeight: 30 });
    for (const tree of model.trees) {
      expect(tree.leftChildren.length).toBeLessThanOrEqual(7);
      tree.sumHessian.forEach((hessian, node) => {
        if (node > 0) expect(hessian).toBeGreaterThan(29.9);
      });
    }
  });

  it('grows without a limit when max_depth is 0', () => {
    expect(
      Math.max(...run({ maxDepth: 0, roundCount: 1 }).model.trees.map((tree) => tree.leftChildren.length)),
    ).toBeGreaterThan(63);
  });

  it('counts a row of weight two like two rows', () => {
    const base = half(binary, false);
    const weighted = { ...base, weights: new Float32Array(base.rowCount).fill(2) };
    const doubled: Dataset = {
      ...base,
      rowCount: base.rowCount * 2,
      values: Float32Array.from([...base.values, ...base.values]),
      labels: Float32Array.from([...base.labels, ...base.labels]),
    };
    const p = params({ roundCount: 3, minChildWeight: 5 });
    const none = (): undefined => undefined;
    const [a, b] = [train(p, weighted, undefined, none), train(p, doubled, undefined, none)];
    const predictions = (model: typeof a) => createPredictor(model).predict(base.values, 50);
    const difference = predictions(a).map((value, i) => Math.abs(value - (predictions(b)[i] as number)));
    expect(Math.max(...difference)).toBeLessThan(1e-5);
  });

  it.each([
    ['binary:logistic', [0, 2], 0, /label must be in \[0,1\] for logistic regression; row 2 has 2/],
    ['multi:softprob', [0, 3], 3, /label must be a whole number in \[0, num_class\).*row 2 has 3/],
    ['reg:squarederror', [0, Number.POSITIVE_INFINITY], 0, /row 2 has Infinity/],
  ] as const)('refuses labels that %s cannot have', (objective, labels, classCount, message) => {
    const data: Dataset = {
      rowCount: 2,
      featureCount: 1,
      values: new Float32Array(2),
      labels: Float32Array.from(labels),
    };
    expect(() => train(params({ objective, classCount }), data, undefined, () => undefined)).toThrow(message);
  });

  it('refuses a validation set with other columns', () => {
    const other: Dataset = {
      rowCount: 1,
      featureCount: 2,
      values: new Float32Array(2),
      labels: new Float32Array(1),
    };
    expect(() => train(params(), half(binary, false), other, () => undefined)).toThrow(/2 features.*6/);
  });

  it('is as good as XGBoost on the breast cancer data', () => {
    const [training, validation] = breastCancer();
    let last: readonly Evaluation[] = [];
    const p = params({ roundCount: 50, eta: 0.1, maxDepth: 6, evalMetrics: ['auc', 'logloss'] });
    train(p, training, validation, (_round, evaluations) => {
      last = evaluations;
    });
    const value = (metric: string) =>
      last.find((entry) => entry.dataset === 'validation' && entry.metric === metric)?.value;
    // Python xgboost 3.0.5 (hist, same rows and parameters): AUC 0.98989, log loss 0.12478.
    expect(Math.abs((value('auc') as number) - 0.98989)).toBeLessThan(0.003);
    expect(Math.abs((value('logloss') as number) - 0.12478)).toBeLessThan(0.01);
  });
});

/** Every fourth row of the example's source for validation. */
function breastCancer(): [Dataset, Dataset] {
  const text = readFileSync(
    new URL('../../../../../../examples/tumour/data/source.csv', import.meta.url),
    'utf8',
  );
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(1).map(Number));
  const part = (picked: readonly number[][]): Dataset => ({
    rowCount: picked.length,
    featureCount: 30,
    values: Float32Array.from(picked.flatMap((row) => row.slice(0, -1))),
    labels: Float32Array.from(picked, (row) => row.at(-1) as number),
  });
  return [part(rows.filter((_, i) => i % 4 !== 0)), part(rows.filter((_, i) => i % 4 === 0))];
}
