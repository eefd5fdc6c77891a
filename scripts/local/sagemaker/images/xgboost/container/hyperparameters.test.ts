import { describe, expect, it } from 'vitest';
import { parseHyperparameters } from './hyperparameters.ts';
import { MANAGED_HYPERPARAMETERS } from './managed-hyperparameters.ts';

const parse = (texts: Record<string, string>) => parseHyperparameters({ num_round: '10', ...texts });

describe('parseHyperparameters', () => {
  it('fills in the defaults of XGBoost', () => {
    expect(parse({})).toMatchObject({
      objective: 'reg:squarederror',
      eta: 0.3,
      maxDepth: 6,
      lambda: 1,
      alpha: 0,
      gamma: 0,
      minChildWeight: 1,
      subsample: 1,
      colsampleByTree: 1,
      maxBin: 256,
      treeMethod: 'hist',
      evalMetrics: ['rmse'],
    });
  });

  it('knows the aliases of the managed algorithm', () => {
    expect(
      parse({ learning_rate: '0.1', reg_lambda: '2', reg_alpha: '3', min_split_loss: '4' }),
    ).toMatchObject({ eta: 0.1, lambda: 2, alpha: 3, gamma: 4 });
  });

  it('logs the tuned metric last, since early stopping watches the last one', () => {
    const texts = {
      objective: 'binary:logistic',
      eval_metric: 'logloss,error',
      _tuning_objective_metric: 'validation:auc',
    };
    expect(parse(texts).evalMetrics).toEqual(['error', 'logloss', 'auc']);
  });

  it('accepts every value that changes nothing', () => {
    const neutral = {
      booster: 'gbtree',
      max_delta_step: '0',
      colsample_bylevel: '1',
      colsample_bynode: '1.0',
      grow_policy: 'depthwise',
      max_leaves: '0',
      num_parallel_tree: '1',
      process_type: 'default',
      sampling_method: 'uniform',
      verbosity: '2',
      nthread: '4',
      predictor: 'auto',
      tree_method: 'auto',
      dsplit: 'row',
      save_model_on_termination: 'false',
      deterministic_histogram: 'true',
      use_dask_gpu_training: 'false',
      refresh_leaf: '1',
      updater: 'grow_quantile_histmaker',
    };
    expect(() => parse(neutral)).not.toThrow();
  });

  it.each([
    ['eta', '1.5', 'Hyperparameter eta: 1.5 is not in [0, 1]'],
    ['eta', 'fast', "Hyperparameter eta: could not parse value 'fast' as a number"],
    ['eta', 'NaN', "could not parse value 'NaN'"],
    ['eta', '1e999', "could not parse value '1e999'"],
    ['max_depth', '6.5', "Hyperparameter max_depth: could not parse value '6.5' as a whole number"],
    ['max_depth', '-1', 'Hyperparameter max_depth: -1 is not in [0, +inf)'],
    ['num_round', '0', 'Hyperparameter num_round: 0 is not in [1, +inf)'],
    ['subsample', '0', 'Hyperparameter subsample: 0 is not in (0, 1]'],
    ['max_bin', '1', 'Hyperparameter max_bin: 1 is not in [2, 65535]'],
    ['seed', '2147483648', 'is not in (-2147483648, 2147483647)'],
    ['learning_rate', '2', 'Hyperparameter learning_rate: 2 is not in [0, 1]'],
    [
      'objective',
      'rank:pairwise',
      "Hyperparameter objective: 'rank:pairwise' is not implemented by the local XGBoost program; allowed here: binary:logistic, reg:squarederror, multi:softprob, multi:softmax",
    ],
    [
      'booster',
      'dart',
      "Hyperparameter booster: 'dart' is not implemented by the local XGBoost program; allowed here: gbtree",
    ],
    [
      'tree_method',
      'exact',
      "'exact' is not implemented by the local XGBoost program; allowed here: auto, approx, hist",
    ],
    ['grow_policy', 'lossguide', "'lossguide' is not implemented"],
    ['max_leaves', '31', "'31' is not implemented by the local XGBoost program; allowed here: 0"],
    ['max_delta_step', '1', 'allowed here: 0'],
    ['colsample_bylevel', '0.5', 'allowed here: 1'],
    ['colsample_bynode', '0.5', 'allowed here: 1'],
    ['num_parallel_tree', '4', 'allowed here: 1'],
    ['sampling_method', 'gradient_based', 'allowed here: uniform'],
    ['save_model_on_termination', 'true', 'allowed here: false'],
    ['eval_metric', 'ndcg', "'ndcg' is not implemented"],
    ['eval_metric', 'auc', "Hyperparameter eval_metric: 'auc' does not apply to objective reg:squarederror"],
    ['num_class', '3', 'Hyperparameter num_class: 3 is only allowed with multi:softprob and multi:softmax'],
    ['early_stopping_rounds', '5', 'has no effect without eval_metric'],
    ['trees', '100', 'Extraneous hyperparameter found: trees'],
    ['__proto__x', '1', 'Extraneous hyperparameter found: __proto__x'],
    ['constructor', '1', 'Extraneous hyperparameter found: constructor'],
  ])('refuses %s = %s', (name, value, message) => {
    expect(() => parse({ [name]: value })).toThrow(message);
  });

  it.each(
    Object.entries(MANAGED_HYPERPARAMETERS).flatMap(([name, rule]) =>
      rule.type === 'unavailable' ? [name] : [],
    ),
  )('refuses %s, which it does not implement', (name) => {
    expect(() => parse({ [name]: '1' })).toThrow(`Hyperparameter ${name}: '1' is not implemented`);
  });

  it.each([
    [{}, 'Missing required hyperparameter: num_round'],
    [{ num_round: '1', eta: '0.1', learning_rate: '0.2' }, 'Hyperparameter eta is given twice'],
    [
      { num_round: '1', objective: 'multi:softprob' },
      'Hyperparameter num_class is required for objective multi:softprob',
    ],
    [
      { num_round: '1', objective: 'binary:logistic', base_score: '1' },
      'Hyperparameter base_score: 1 is not in (0, 1)',
    ],
    [
      { num_round: '1', objective: 'multi:softprob', num_class: '3', eval_metric: 'logloss' },
      "'logloss' does not apply",
    ],
    [{ num_round: '1', objective: 'binary:logistic', eval_metric: 'merror' }, "'merror' does not apply"],
  ])('refuses %o', (texts, message) => {
    expect(() => parseHyperparameters(texts as Record<string, string>)).toThrow(message);
  });
});
