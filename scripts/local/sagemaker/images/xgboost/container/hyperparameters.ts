import { EVAL_METRICS } from '../trainer/metrics.ts';
import type { TrainableObjective } from '../trainer/objective.ts';
import { TRAINABLE_OBJECTIVES } from '../trainer/objective.ts';
import type { TrainParams } from '../trainer/train.ts';
import type { HyperparameterRule } from './managed-hyperparameters.ts';
import {
  HYPERPARAMETER_ALIASES,
  inInterval,
  intervalText,
  MANAGED_HYPERPARAMETERS,
} from './managed-hyperparameters.ts';
import { UserError } from './user-error.ts';

/** What the job asked for, checked. */
export interface JobParams extends TrainParams {
  /** The second CSV column holds instance weights. */
  readonly csvWeights: boolean;
}

type Parsed = number | string | readonly string[];

/**
 * Checks and converts `hyperparameters.json`, whose values are all strings.
 * @throws UserError naming the hyperparameter, its value and what is allowed.
 */
export function parseHyperparameters(texts: Readonly<Record<string, string>>): JobParams {
  const values = new Map<string, Parsed>();
  for (const [given, text] of Object.entries(texts)) {
    const name = HYPERPARAMETER_ALIASES[given] ?? given;
    const rule = Object.hasOwn(MANAGED_HYPERPARAMETERS, name) ? MANAGED_HYPERPARAMETERS[name] : undefined;
    if (rule === undefined) throw new UserError(`Extraneous hyperparameter found: ${given}. ${knownNames()}`);
    if (values.has(name))
      throw new UserError(`Hyperparameter ${name} is given twice, as ${name} and by its alias.`);
    values.set(name, parseValue(given, text, rule));
  }
  if (!values.has('num_round')) throw new UserError('Missing required hyperparameter: num_round');
  const number = (name: string, otherwise: number): number =>
    (values.get(name) as number | undefined) ?? otherwise;
  const objective = parseObjective(values);
  const baseScore = values.get('base_score') as number | undefined;
  const earlyStoppingRounds = values.get('early_stopping_rounds') as number | undefined;
  return {
    objective,
    classCount: parseClassCount(objective, values.get('num_class') as number | undefined),
    roundCount: number('num_round', 0),
    eta: number('eta', 0.3),
    maxDepth: number('max_depth', 6),
    lambda: number('lambda', 1),
    alpha: number('alpha', 0),
    gamma: number('gamma', 0),
    minChildWeight: number('min_child_weight', 1),
    subsample: number('subsample', 1),
    colsampleByTree: number('colsample_bytree', 1),
    scalePosWeight: number('scale_pos_weight', 1),
    maxBin: number('max_bin', 256),
    treeMethod: values.get('tree_method') === 'approx' ? 'approx' : 'hist',
    seed: number('seed', 0),
    csvWeights: values.get('csv_weights') === 1,
    evalMetrics: parseMetrics(objective, values, earlyStoppingRounds),
    ...(baseScore === undefined ? {} : { baseScore: checkBaseScore(objective, baseScore) }),
    ...(earlyStoppingRounds === undefined ? {} : { earlyStoppingRounds }),
  };
}

function knownNames(): string {
  return `The algorithm knows: ${Object.keys(MANAGED_HYPERPARAMETERS).join(', ')}.`;
}

function refuse(name: string, text: string, allowed: string): UserError {
  return new UserError(
    `Hyperparameter ${name}: '${text}' is not implemented by the local XGBoost program; allowed here: ${allowed}. Leave it out, or train on AWS.`,
  );
}

function parseValue(name: string, text: string, rule: HyperparameterRule): Parsed {
  switch (rule.type) {
    case 'unavailable':
      throw refuse(name, text, 'no value at all');
    case 'integer':
    case 'continuous': {
      const value = parseNumber(name, text, rule.type);
      if (!inInterval(value, rule))
        throw new UserError(`Hyperparameter ${name}: ${text} is not in ${intervalText(rule)}`);
      if (rule.only !== undefined && value !== rule.only) throw refuse(name, text, String(rule.only));
      return value;
    }
    case 'categorical':
      return checkCategory(name, text, rule.values, rule.only);
    case 'list':
      return text.split(',').map((item) => checkCategory(name, item.trim(), rule.values, rule.only));
  }
}

function parseNumber(name: string, text: string, type: 'integer' | 'continuous'): number {
  const pattern = type === 'integer' ? /^\s*[+-]?\d+\s*$/ : /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
  const value = Number(text);
  if (!pattern.test(text) || !Number.isFinite(value))
    throw new UserError(
      `Hyperparameter ${name}: could not parse value '${text}' as ${type === 'integer' ? 'a whole number' : 'a number'}`,
    );
  return value;
}

function checkCategory(
  name: string,
  text: string,
  values: readonly string[],
  only: readonly string[] | undefined,
): string {
  const implemented = only ?? values;
  if (!implemented.includes(text)) throw refuse(name, text, implemented.join(', '));
  return text;
}

function parseObjective(values: ReadonlyMap<string, Parsed>): TrainableObjective {
  const name = values.get('objective') ?? 'reg:squarederror';
  return TRAINABLE_OBJECTIVES.find((objective) => objective === name) ?? 'reg:squarederror';
}

function parseClassCount(objective: TrainableObjective, classCount: number | undefined): number {
  if (objective.startsWith('multi:')) {
    if (classCount === undefined)
      throw new UserError(`Hyperparameter num_class is required for objective ${objective}`);
    return classCount;
  }
  if (classCount !== undefined)
    throw new UserError(
      `Hyperparameter num_class: ${classCount} is only allowed with multi:softprob and multi:softmax; leave it out for ${objective}`,
    );
  return 0;
}

function checkBaseScore(objective: TrainableObjective, baseScore: number): number {
  if (objective === 'binary:logistic' && !(baseScore > 0 && baseScore < 1))
    throw new UserError(
      `Hyperparameter base_score: ${baseScore} is not in (0, 1), where it must lie for logistic loss`,
    );
  return baseScore;
}

const DEFAULT_METRICS: Readonly<Record<TrainableObjective, string>> = {
  'binary:logistic': 'logloss',
  'reg:squarederror': 'rmse',
  'multi:softprob': 'mlogloss',
  'multi:softmax': 'mlogloss',
};

/** The metrics to log. With a tuning objective they are sorted, as the managed algorithm does. */
function parseMetrics(
  objective: TrainableObjective,
  values: ReadonlyMap<string, Parsed>,
  earlyStoppingRounds: number | undefined,
): readonly string[] {
  const asked = (values.get('eval_metric') as readonly string[] | undefined) ?? [];
  const tuned = (values.get('_tuning_objective_metric') as string | undefined)?.split(':')[1];
  for (const metric of tuned === undefined ? asked : [...asked, tuned]) assertApplies(metric, objective);
  if (earlyStoppingRounds !== undefined && asked.length === 0 && tuned === undefined)
    throw new UserError(
      `Hyperparameter early_stopping_rounds: ${earlyStoppingRounds} has no effect without eval_metric in the managed algorithm; name the metric to watch in eval_metric`,
    );
  if (asked.length === 0 && tuned === undefined) return [DEFAULT_METRICS[objective]];
  const metrics = [...new Set(tuned === undefined ? asked : [...asked, tuned].sort())];
  // Early stopping watches the last metric: the tuned one, where there is one.
  return tuned === undefined ? metrics : [...metrics.filter((metric) => metric !== tuned), tuned];
}

function assertApplies(metric: string, objective: TrainableObjective): void {
  const kind = EVAL_METRICS[metric]?.appliesTo;
  const multiclass = objective.startsWith('multi:');
  const fits =
    kind === 'multiclass' ? multiclass : kind === 'binary' ? objective === 'binary:logistic' : !multiclass;
  if (!fits)
    throw new UserError(`Hyperparameter eval_metric: '${metric}' does not apply to objective ${objective}`);
}
