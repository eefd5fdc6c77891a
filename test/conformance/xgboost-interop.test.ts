import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { predictContributions } from '../../scripts/local/sagemaker/images/xgboost/model/contributions.ts';
import { createPredictor } from '../../scripts/local/sagemaker/images/xgboost/model/predictor.ts';
import { readModel } from '../../scripts/local/sagemaker/images/xgboost/model/read-model.ts';
import { writeModel } from '../../scripts/local/sagemaker/images/xgboost/model/write-model.ts';
import type { Dataset } from '../../scripts/local/sagemaker/images/xgboost/trainer/dataset.ts';
import { EVAL_METRICS } from '../../scripts/local/sagemaker/images/xgboost/trainer/metrics.ts';
import type { TrainParams } from '../../scripts/local/sagemaker/images/xgboost/trainer/train.ts';
import { train } from '../../scripts/local/sagemaker/images/xgboost/trainer/train.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { pythonEnvironment } from './parts/python.ts';

/** The version that SageMaker's image 3.0-5 holds. */
const environment = await part(() => pythonEnvironment('xgboost', ['xgboost-cpu==3.0.5', 'numpy==2.3.4']));
const FEATURES = 5;
const ROWS = 2000;

/**
 * Loads our model under the managed name, predicts and explains, goes on boosting from it, and trains a model of its own.
 * Files go through the working folder; everything is raw 32-bit floats.
 */
const SCRIPT = `
import json, sys, numpy as np, xgboost as xgb
params = json.load(open('params.json'))
X = np.fromfile('values.bin', dtype=np.float32).reshape(-1, ${FEATURES})
y = np.fromfile('labels.bin', dtype=np.float32)
data = xgb.DMatrix(X, label=y)
ours = xgb.Booster()
ours.load_model('xgboost-model')
ours.predict(data).astype(np.float32).tofile('ours-predictions.bin')
ours.predict(data, pred_contribs=True).astype(np.float32).tofile('ours-contributions.bin')
more = xgb.train(params, data, 2, xgb_model=ours)
theirs = xgb.train(params, data, 10)
theirs.save_model('theirs.ubj')
theirs.predict(data).astype(np.float32).tofile('theirs-predictions.bin')
json.dump({'version': xgb.__version__, 'rounds': more.num_boosted_rounds()}, open('result.json', 'w'))
`;

const folder = mkdtempSync(join(tmpdir(), 'millrace-interop-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const readFloats = (name: string): Float32Array => {
  const bytes = readFileSync(path(name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const maxDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))),
    a.length === b.length ? 0 : Number.NaN,
  );

/** Deterministic rows, a tenth of the values missing. */
function dataset(label: (x: readonly number[]) => number): Dataset {
  let state = 99;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const rows = Array.from({ length: ROWS }, () => Array.from({ length: FEATURES }, () => random() * 4 - 2));
  const labels = Float32Array.from(rows, (x) => label(x));
  return {
    rowCount: ROWS,
    featureCount: FEATURES,
    values: Float32Array.from(rows.flat(), (v) => (random() < 0.1 ? Number.NaN : v)),
    labels,
  };
}

const CASES = [
  {
    objective: 'binary:logistic',
    metric: 'logloss',
    classCount: 0,
    data: dataset((x) => ((x[0] as number) + (x[1] as number) > 0 ? 1 : 0)),
  },
  {
    objective: 'reg:squarederror',
    metric: 'rmse',
    classCount: 0,
    data: dataset((x) => 100 * (x[0] as number) + (x[1] as number) ** 2),
  },
  {
    objective: 'multi:softprob',
    metric: 'mlogloss',
    classCount: 3,
    data: dataset((x) => ((x[0] as number) > 0.5 ? 2 : (x[1] as number) > 0 ? 1 : 0)),
  },
] as const;

type Case = (typeof CASES)[number];

const paramsOf = ({ objective, metric, classCount }: Case): TrainParams => ({
  objective,
  classCount,
  roundCount: 10,
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
  evalMetrics: [metric],
});

/** Hands a model and its data to Python, which leaves what it says in the working folder. */
function exchange(ours: ReturnType<typeof train>, { objective, classCount, data }: Case): void {
  writeFileSync(path('xgboost-model'), writeModel(ours));
  writeFileSync(path('values.bin'), Buffer.from(data.values.buffer));
  writeFileSync(path('labels.bin'), Buffer.from(data.labels.buffer));
  const theirs = {
    objective,
    max_depth: 4,
    eta: 0.3,
    tree_method: 'hist',
    nthread: 1,
    ...(classCount > 0 ? { num_class: classCount } : {}),
  };
  writeFileSync(path('params.json'), JSON.stringify(theirs));
  execFileSync(theValue(environment).python, ['-c', SCRIPT], {
    cwd: folder,
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
  });
}

const tolerance = 1e-6;

describe.skipIf(environment.missing)(checkTitle('Python xgboost', environment), () => {
  it.each(CASES)('and the local program understand each other: $objective', (one) => {
    const { objective, metric, classCount, data } = one;
    const ours = train(paramsOf(one), data, undefined, () => undefined);
    exchange(ours, one);

    const scale = objective === 'reg:squarederror' ? 200 : 1;
    expect(
      maxDifference(createPredictor(ours).predict(data.values, ROWS), readFloats('ours-predictions.bin')),
    ).toBeLessThan(tolerance * scale);
    expect(
      maxDifference(predictContributions(ours, data.values, ROWS), readFloats('ours-contributions.bin')),
    ).toBeLessThan(10 * tolerance * scale);
    expect(JSON.parse(readFileSync(path('result.json'), 'utf8'))).toMatchObject({ rounds: 12 });

    const read = createPredictor(readModel(readFileSync(path('theirs.ubj'))));
    const theirPredictions = readFloats('theirs-predictions.bin');
    expect(maxDifference(read.predict(data.values, ROWS), theirPredictions)).toBeLessThan(tolerance * scale);
    const loss = (predictions: Float32Array): number =>
      EVAL_METRICS[metric]?.compute({
        labels: data.labels,
        predictions,
        groups: Math.max(1, classCount),
      }) ?? Number.NaN;
    expect(loss(readFloats('ours-predictions.bin'))).toBeLessThan(loss(theirPredictions) * 1.05);
  });

  it('is not taken in by a model that learned a little otherwise', () => {
    const [one] = CASES;
    const otherwise = { ...paramsOf(one), lambda: 1.001 };
    exchange(
      train(otherwise, one.data, undefined, () => undefined),
      one,
    );
    const ours = createPredictor(train(paramsOf(one), one.data, undefined, () => undefined));
    expect(
      maxDifference(ours.predict(one.data.values, ROWS), readFloats('ours-predictions.bin')),
    ).toBeGreaterThan(tolerance);
  });
});
