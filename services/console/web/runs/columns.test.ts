import { describe, expect, it } from 'vitest';
import { runOf } from '../api/mlflow-entities.ts';
import {
  columnName,
  columnOf,
  columnsIn,
  columnsUnasked,
  columnTitle,
  durationOf,
  isSortable,
  orderText,
} from './columns.ts';

const run = (info: object, data: object = {}) => runOf({ info: { run_id: 'r', ...info }, data });
const entry = (key: string) => ({ key, value: '1' });

describe('columns', () => {
  const runs = [
    run({}, { metrics: [entry('loss')], params: [entry('lr')], tags: [entry('team'), entry('mlflow.user')] }),
    run({}, { metrics: [entry('acc'), entry('loss')], params: [entry('batch size')] }),
  ];

  it('are what any of the runs has, by name, without the tags that MLflow sets', () => {
    const names = columnsIn(runs).map(columnName);
    expect(names.slice(-5)).toEqual([
      'metrics.acc',
      'metrics.loss',
      'params.batch size',
      'params.lr',
      'tags.team',
    ]);
  });

  it('are a few of each kind until somebody chooses', () => {
    const many = Array.from({ length: 30 }, (_, index) => entry(`m${String(index).padStart(2, '0')}`));
    const names = columnsUnasked(columnsIn([run({}, { metrics: many, params: many })])).map(columnName);
    expect(names).toHaveLength(3 + 4 + 4);
    expect(names.slice(0, 4)).toEqual([
      'attributes.status',
      'attributes.start_time',
      'attributes.duration',
      'metrics.m00',
    ]);
  });

  it('are read from their names, dots in keys and all', () => {
    expect(columnOf('tags.a.b')).toEqual({ family: 'tags', key: 'a.b' });
    expect(columnOf('attributes.start_time')).toBeDefined();
    expect(['metrics.', 'moon.a', 'attributes.colour', ''].map(columnOf)).toEqual(Array(4).fill(undefined));
  });

  it('are named for people', () => {
    expect(columnTitle({ family: 'attributes', key: 'start_time' })).toBe('Started');
    expect(columnTitle({ family: 'metrics', key: 'val/loss' })).toBe('val/loss');
  });

  it('are sorted by in MLflow’s words, but for the duration, which servers do not know', () => {
    expect(orderText({ family: 'params', key: 'batch size' }, true)).toBe('params.`batch size` DESC');
    expect(isSortable({ family: 'attributes', key: 'duration' })).toBe(false);
    expect(isSortable({ family: 'metrics', key: 'duration' })).toBe(true);
  });
});

describe('the duration', () => {
  it('goes on while the run does', () => {
    expect(durationOf(run({ status: 'RUNNING', start_time: 1000, end_time: 0 }), 5000)).toBe(4000);
  });

  it('ends with the run', () => {
    expect(durationOf(run({ status: 'FAILED', start_time: '1000', end_time: '3000' }), 9000)).toBe(2000);
  });

  it('is not known of a run that was ended without a time', () => {
    expect(durationOf(run({ status: 'KILLED', start_time: 1000 }), 9000)).toBeUndefined();
    expect(durationOf(run({ status: 'SCHEDULED' }), 9000)).toBeUndefined();
  });
});
