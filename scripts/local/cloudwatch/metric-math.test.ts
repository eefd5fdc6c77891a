import { describe, expect, it } from 'vitest';
import { compileMath } from './metric-math.ts';

const values = new Map<string, number | undefined>([
  ['errors', 2],
  ['requests', 8],
  ['none', undefined],
]);
const run = (text: string) => compileMath(text, ['errors', 'requests', 'none']).evaluate(values);

describe('metric math', () => {
  it.each([
    ['errors / requests * 100', 25],
    ['100 * (errors + requests) - -1', 1001],
    ['IF(requests > 5, errors / requests, 0)', 0.25],
    ['IF(requests <= 5, 1)', undefined],
    ['FILL(none, 0) + errors', 2],
    ['none + errors', undefined],
    ['errors / 0', undefined],
    ['SUM([errors, requests, none])', 10],
    ['MAX(METRICS())', 8],
    ['1 - 2 - 3', -4],
  ])('computes %s', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  it.each(['ANOMALY_DETECTION_BAND(errors)', 'SUM(errors)', 'errors +', 'errors requests', 'SEARCH("a")'])(
    'refuses %s clearly',
    (text) => {
      expect(() => run(text)).toThrow(/does not compute/);
    },
  );
});
