/** Range of a number: `[` and `]` include the end, `(` and `)` do not; a missing end is infinite. */
interface Interval {
  readonly min?: number;
  readonly max?: number;
  readonly minOpen?: boolean;
  readonly maxOpen?: boolean;
}

/** One hyperparameter of the managed XGBoost algorithm, and what of it this program implements. */
export type HyperparameterRule =
  | ({ readonly type: 'integer' | 'continuous'; readonly only?: number } & Interval)
  | {
      readonly type: 'categorical' | 'list';
      readonly values: readonly string[];
      readonly only?: readonly string[];
    }
  /** Known to the managed algorithm, not implemented here with any value. */
  | { readonly type: 'unavailable' };

const share: HyperparameterRule = { type: 'continuous', min: 0, minOpen: true, max: 1 };
const booleans = ['true', 'false'];
const OBJECTIVES = ['binary:logistic', 'reg:squarederror', 'multi:softprob', 'multi:softmax'];
const METRICS = ['auc', 'logloss', 'error', 'rmse', 'mae', 'mlogloss', 'merror'];

/**
 * The hyperparameters that the managed algorithm lists (Amazon SageMaker developer guide, "XGBoost hyperparameters") with
 * their ranges. `only` names what this program implements of a range; anything else is refused, never ignored.
 */
export const MANAGED_HYPERPARAMETERS: Readonly<Record<string, HyperparameterRule>> = {
  num_round: { type: 'integer', min: 1 },
  csv_weights: { type: 'integer', min: 0, max: 1 },
  early_stopping_rounds: { type: 'integer', min: 1 },
  booster: { type: 'categorical', values: ['gbtree', 'gblinear', 'dart'], only: ['gbtree'] },
  verbosity: { type: 'integer', min: 0, max: 3 },
  nthread: { type: 'integer', min: 1 },
  eta: { type: 'continuous', min: 0, max: 1 },
  gamma: { type: 'continuous', min: 0 },
  max_depth: { type: 'integer', min: 0 },
  min_child_weight: { type: 'continuous', min: 0 },
  max_delta_step: { type: 'continuous', min: 0, only: 0 },
  subsample: share,
  colsample_bytree: share,
  colsample_bylevel: { ...share, only: 1 },
  colsample_bynode: { ...share, only: 1 },
  lambda: { type: 'continuous', min: 0 },
  alpha: { type: 'continuous', min: 0 },
  tree_method: {
    type: 'categorical',
    values: ['auto', 'exact', 'approx', 'hist', 'gpu_hist'],
    only: ['auto', 'approx', 'hist'],
  },
  sketch_eps: { type: 'unavailable' },
  scale_pos_weight: { type: 'continuous', min: 0, minOpen: true },
  updater: {
    type: 'list',
    values: ['grow_colmaker', 'grow_histmaker', 'grow_quantile_histmaker', 'sync', 'refresh', 'prune'],
    only: ['grow_quantile_histmaker'],
  },
  dsplit: { type: 'categorical', values: ['row', 'col'], only: ['row'] },
  refresh_leaf: { type: 'integer', min: 0, max: 1, only: 1 },
  process_type: { type: 'categorical', values: ['default', 'update'], only: ['default'] },
  grow_policy: { type: 'categorical', values: ['depthwise', 'lossguide'], only: ['depthwise'] },
  max_leaves: { type: 'integer', min: 0, only: 0 },
  max_bin: { type: 'integer', min: 2, max: 65535 },
  predictor: {
    type: 'categorical',
    values: ['auto', 'cpu_predictor', 'gpu_predictor'],
    only: ['auto', 'cpu_predictor'],
  },
  monotone_constraints: { type: 'unavailable' },
  interaction_constraints: { type: 'unavailable' },
  sample_type: { type: 'unavailable' },
  normalize_type: { type: 'unavailable' },
  rate_drop: { type: 'unavailable' },
  one_drop: { type: 'unavailable' },
  skip_drop: { type: 'unavailable' },
  lambda_bias: { type: 'unavailable' },
  tweedie_variance_power: { type: 'unavailable' },
  objective: { type: 'categorical', values: OBJECTIVES },
  num_class: { type: 'integer', min: 2, max: 10_000 },
  base_score: { type: 'continuous', min: 0 },
  _kfold: { type: 'unavailable' },
  _num_cv_round: { type: 'unavailable' },
  _tuning_objective_metric: { type: 'categorical', values: METRICS.map((metric) => `validation:${metric}`) },
  eval_metric: { type: 'list', values: METRICS },
  seed: { type: 'integer', min: -(2 ** 31), minOpen: true, max: 2 ** 31 - 1, maxOpen: true },
  num_parallel_tree: { type: 'integer', min: 1, only: 1 },
  save_model_on_termination: { type: 'categorical', values: booleans, only: ['false'] },
  aft_loss_distribution: { type: 'unavailable' },
  aft_loss_distribution_scale: { type: 'unavailable' },
  deterministic_histogram: { type: 'categorical', values: booleans, only: ['true'] },
  sampling_method: { type: 'categorical', values: ['uniform', 'gradient_based'], only: ['uniform'] },
  prob_buffer_row: { type: 'unavailable' },
  use_dask_gpu_training: { type: 'categorical', values: booleans, only: ['false'] },
};

/** Other names that the managed algorithm takes for the same hyperparameter. */
export const HYPERPARAMETER_ALIASES: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};

/** Renders a range as `[0, 1)`. */
export function intervalText(rule: Interval): string {
  const low = rule.min === undefined ? '(-inf' : `${rule.minOpen === true ? '(' : '['}${rule.min}`;
  const high = rule.max === undefined ? '+inf)' : `${rule.max}${rule.maxOpen === true ? ')' : ']'}`;
  return `${low}, ${high}`;
}

export function inInterval(value: number, rule: Interval): boolean {
  const aboveMin = rule.min === undefined || (rule.minOpen === true ? value > rule.min : value >= rule.min);
  const belowMax = rule.max === undefined || (rule.maxOpen === true ? value < rule.max : value <= rule.max);
  return aboveMin && belowMax;
}
