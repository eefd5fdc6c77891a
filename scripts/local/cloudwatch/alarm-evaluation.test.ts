import { describe, expect, it } from 'vitest';
import { alarmProperties } from './alarm-config.ts';
import { evaluate } from './alarm-evaluation.ts';

function alarm(evaluationPeriods: number, datapointsToAlarm: number, treatMissingData: string) {
  return alarmProperties.parse({
    AlarmName: 'a',
    Namespace: 'n',
    MetricName: 'm',
    Statistic: 'Sum',
    Period: 60,
    Threshold: 0.5,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm: datapointsToAlarm,
    TreatMissingData: treatMissingData,
  });
}

/** Periods oldest first, as the guide draws them: `0` within, `X` breaching, `-` missing. */
function periods(drawing: string) {
  return drawing
    .split(' ')
    .map((mark, index) => ({
      startMs: index * 60_000,
      value: mark === '-' ? undefined : mark === 'X' ? 1 : 0,
    }))
    .reverse();
}

describe('alarm evaluation with missing data', () => {
  // The tables of "Configuring how CloudWatch alarms treat missing data", CloudWatch User Guide.
  it.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', undefined, 'ALARM', 'OK'],
  ])('3 of 3, %s', (drawing, missing, ignore, breaching, notBreaching) => {
    const states = ['missing', 'ignore', 'breaching', 'notBreaching'].map(
      (treatment) => evaluate(alarm(3, 3, treatment), periods(drawing)).state,
    );
    expect(states).toEqual([missing, ignore, breaching, notBreaching]);
  });

  it.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', undefined, 'ALARM', 'OK'],
  ])('2 of 3, %s', (drawing, missing, ignore, breaching, notBreaching) => {
    const states = ['missing', 'ignore', 'breaching', 'notBreaching'].map(
      (treatment) => evaluate(alarm(3, 2, treatment), periods(drawing)).state,
    );
    expect(states).toEqual([missing, ignore, breaching, notBreaching]);
  });

  it('words the reason as CloudWatch does', () => {
    const { reason } = evaluate(alarm(1, 1, 'missing'), periods('- - X'));
    expect(reason).toBe(
      'Threshold Crossed: 1 out of the last 1 datapoints [1 (01/01/70 00:02:00)] was greater than the threshold (0.5).',
    );
  });
});
