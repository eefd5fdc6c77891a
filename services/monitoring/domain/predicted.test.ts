import { describe, expect, it } from 'vitest';
import {
  featureValues,
  labelNumber,
  monitoredPrediction,
  predictedNumbers,
  type Question,
} from './predicted.ts';

const binary: Question = { task: 'binary_classification', classes: ['0', '1'] };
const multiclass: Question = { task: 'multiclass_classification', classes: ['red', 'green', 'blue'] };
const regression: Question = { task: 'regression', classes: [] };

describe('a captured prediction', () => {
  it('is watched by the positive class’s probability, the likeliest class, or the value', () => {
    const cases: [Question, Parameters<typeof predictedNumbers>[0], number[], unknown][] = [
      [binary, { value: '1', probabilities: { 0: 0.2, 1: 0.8 } }, [0.8], 0.8],
      [
        multiclass,
        { value: 'blue', probabilities: { blue: 0.5, red: 0.3, green: 0.2 } },
        [0.3, 0.2, 0.5],
        'blue',
      ],
      [regression, { value: 4.5 }, [4.5], 4.5],
    ];
    for (const [question, prediction, numbers, watched] of cases) {
      expect(predictedNumbers(prediction, question)).toEqual(numbers);
      expect(monitoredPrediction(numbers, question)).toBe(watched);
    }
  });

  it('counts its class as certain where it has no probabilities', () => {
    expect(predictedNumbers({ value: '1' }, binary)).toEqual([1]);
    expect(predictedNumbers({ value: 'green' }, multiclass)).toEqual([0, 1, 0]);
  });

  it('gives its features in the order of the inputs, booleans as numbers, what is missing as missing', () => {
    const features = { b: true, a: 1.5, c: null, unused: 'x' };
    expect(featureValues(features, ['a', 'b', 'c', 'd'])).toEqual([1.5, 1, null, null]);
  });
});

describe('a label', () => {
  it.each([
    [binary, '1', 1],
    [binary, 1, 1],
    [binary, true, 1],
    [binary, '1.0', 1],
    [binary, 2, undefined],
    [binary, '', undefined],
    [multiclass, 'green', 1],
    [multiclass, 'mauve', undefined],
    [regression, 2.5, 2.5],
    [regression, '2.5', 2.5],
    [regression, 'much', undefined],
    [regression, '', undefined],
  ])('of %j that says %j is %j', (question, value, expected) => {
    expect(labelNumber(value, question)).toBe(expected);
  });
});
