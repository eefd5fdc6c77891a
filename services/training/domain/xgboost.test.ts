import { describe, expect, it } from 'vitest';
import { xgboostHyperparameters, xgboostImage } from './xgboost.ts';

describe('the managed XGBoost image', () => {
  it('has a registry in each region', () => {
    expect(xgboostImage('us-east-1')).toEqual({
      registryId: '683313688378',
      registry: '683313688378.dkr.ecr.us-east-1.amazonaws.com',
      repository: 'sagemaker-xgboost',
      tag: '3.0-5',
    });
    expect(xgboostImage('us-gov-west-1').registry).toBe('414596584902.dkr.ecr.us-gov-west-1.amazonaws.com');
  });

  it('has the domain of the China partition there', () => {
    expect(xgboostImage('cn-north-1').registry).toBe('450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn');
  });

  it('is refused where none is known, naming the regions that have one', () => {
    expect(() => xgboostImage('mars-north-1')).toThrow(
      /region 'mars-north-1'. Deploy to one of: af-south-1, /,
    );
  });
});

describe('hyperparameters', () => {
  it.each([
    ['binary_classification', { objective: 'binary:logistic', eval_metric: 'auc' }],
    ['multiclass_classification', { objective: 'multi:softprob', eval_metric: 'mlogloss', num_class: '3' }],
    ['regression', { objective: 'reg:squarederror', eval_metric: 'rmse' }],
  ] as const)('follow from the task %s and are text', (task, expected) => {
    const { hyperparameters, seed } = xgboostHyperparameters({ max_depth: 4 }, { task, classes: 3 }, 17);
    expect(hyperparameters).toEqual({ num_round: '100', max_depth: '4', seed: '17', ...expected });
    expect(seed).toBe(17);
  });

  it('take the project’s rounds, metric and seed', () => {
    const given = { num_round: 20, eval_metric: 'logloss', seed: 5, eta: '0.3' };
    const { hyperparameters, seed } = xgboostHyperparameters(
      given,
      { task: 'binary_classification', classes: 2 },
      17,
    );
    expect(hyperparameters).toMatchObject({ num_round: '20', eval_metric: 'logloss', seed: '5', eta: '0.3' });
    expect(seed).toBe(5);
  });

  it('that the target decides may not be set', () => {
    const set = () =>
      xgboostHyperparameters({ objective: 'x', num_class: 2 }, { task: 'regression', classes: 0 }, 17);
    expect(set).toThrow(
      /sets objective and num_class, which follows from target.task 'regression'. Remove it./,
    );
  });

  it.each(['abc', '1.5'])('need a whole number as seed, not %s', (seed) => {
    const set = () => xgboostHyperparameters({ seed }, { task: 'regression', classes: 0 }, 17);
    expect(set).toThrow(`training.hyperparameters.seed is '${seed}'`);
  });
});
