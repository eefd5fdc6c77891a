import { describe, expect, it } from 'vitest';
import { assertClassIndices, assertPredictionsFit, parseLabels, parsePredictions } from './held-out.ts';

describe('held-out parts', () => {
  it('hold the label before the primary key, whatever that holds', () => {
    expect(parseLabels('1,a-1\n0,"b,2"\n2.5,c\n')).toEqual([1, 0, 2.5]);
  });

  it.each([
    ['a number per line', '0.25\n0.75\n', [[0.25], [0.75]]],
    [
      'lists of probabilities',
      '[0.1, 0.9]\n[1e-05, 0.99999]\n',
      [
        [0.1, 0.9],
        [1e-5, 0.99999],
      ],
    ],
    [
      'comma separated probabilities',
      '0.1,0.9\r\n0.5,0.5',
      [
        [0.1, 0.9],
        [0.5, 0.5],
      ],
    ],
    ['empty lines between the parts that SageMaker assembled', '0.1\n\n0.2\n', [[0.1], [0.2]]],
  ])('hold predictions as %s', (_case, text, expected) => {
    expect(parsePredictions(text)).toEqual(expected);
  });

  it.each([
    [
      'a word among labels',
      () => parseLabels('1,a\nyes,b'),
      /label in line 2 .* is 'yes', a number is expected/,
    ],
    ['an empty label', () => parseLabels(',a'), /label in line 1 .* is ''/],
    ['a broken prediction', () => parsePredictions('0.1\nnan'), /prediction in line 2 .* is 'nan'/],
    ['a class that is not there', () => assertClassIndices([0, 3], 3), /hold 3, .* names 3 classes, 0 to 2/],
    ['half a class', () => assertClassIndices([0.5], 2), /hold 0.5/],
    [
      'fewer predictions',
      () => assertPredictionsFit([0, 1], [[0.1]], 1, 'champion'),
      /champion predicted 1 rows, the held-out part has 2/,
    ],
    ['no rows', () => assertPredictionsFit([], [], 1, 'challenger'), /predicted 0 rows/],
    [
      'too many numbers',
      () => assertPredictionsFit([0], [[0.1, 0.9]], 1, 'challenger'),
      /has 2 numbers, 1 are expected/,
    ],
  ])('are refused with %s, saying where', (_case, act, message) => {
    expect(act).toThrow(message);
  });
});
