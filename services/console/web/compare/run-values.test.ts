import { describe, expect, it } from 'vitest';
import { runOf } from '../api/mlflow-entities.ts';
import { columnName, type RunColumn } from '../runs/columns.ts';
import { parallelAxis, parallelPath } from './parallel-axis.ts';
import { axesOf, comparedColumns, isDifferent, isNumeric, runValue } from './run-values.ts';

const pairs = (of: Readonly<Record<string, unknown>>) =>
  Object.entries(of).map(([key, value]) => ({ key, value }));
const run = (
  params: Readonly<Record<string, string>>,
  metrics: Readonly<Record<string, number | string>> = {},
) => runOf({ data: { params: pairs(params), metrics: pairs(metrics) } });
const param = (key: string): RunColumn => ({ family: 'params', key });
const metric = (key: string): RunColumn => ({ family: 'metrics', key });

const runs = [
  run({ lr: '0.1', model: 'xgb', seed: '1' }, { loss: 0.5, auc: 'NaN' }),
  run({ lr: '1e-3', model: 'mlp', seed: '1' }, { loss: 0.25 }),
];

describe('values of runs', () => {
  it('are numbers where params read as numbers', () => {
    expect(runValue(runs[1]!, param('lr'))).toBe(0.001);
    expect(runValue(runs[1]!, param('model'))).toBe('mlp');
    expect(runValue(run({ a: '' }), param('a'))).toBe('');
    expect(runValue(runs[1]!, metric('auc'))).toBeUndefined();
  });

  it('differ or not; one that is missing differs from one that is there', () => {
    const different = comparedColumns(runs).filter((column) => isDifferent(runs, column));
    expect(different.map(columnName)).toEqual(['params.lr', 'params.model', 'metrics.auc', 'metrics.loss']);
  });

  it('are numeric where each is a finite number', () => {
    expect(
      [param('lr'), param('model'), metric('auc'), metric('none')].map((one) => isNumeric(runs, one)),
    ).toEqual([true, false, false, false]);
  });

  it('make axes of what differs, params first', () => {
    expect(axesOf(runs).map(columnName)).toEqual(['params.lr', 'params.model', 'metrics.loss']);
  });
});

describe('an axis beside others', () => {
  it('has numbers where they belong, the greatest on top', () => {
    const axis = parallelAxis(metric('loss'), runs, [100, 0]);
    expect(runs.map((one) => axis.heightOf(one))).toEqual([0, 100]);
  });

  it('has texts at equal distances, by name', () => {
    const axis = parallelAxis(param('model'), runs, [100, 0]);
    expect(axis.ticks).toEqual([
      { text: 'mlp', y: 75 },
      { text: 'xgb', y: 25 },
    ]);
    expect(axis.heightOf(run({}))).toBeUndefined();
  });

  it('breaks the line of a run that has no value', () => {
    const axes = [metric('loss'), param('model'), param('lr')].map((column) =>
      parallelAxis(column, runs, [100, 0]),
    );
    const path = parallelPath(run({ lr: '0.1' }, { loss: 0.25 }), axes, (index) => index * 10);
    expect(path).toBe('M0.0 100.0M20.0 0.0');
  });
});
