import { describe, expect, it } from 'vitest';
import { readEmbeddedMetrics } from './embedded-metrics.ts';
import { compileFilterPattern } from './filter-pattern.ts';

describe('readEmbeddedMetrics', () => {
  const metadata = (dimensions: readonly (readonly string[])[]) => ({
    Timestamp: 1,
    CloudWatchMetrics: [{ Namespace: 'N', Dimensions: dimensions, Metrics: [{ Name: 'm' }] }],
  });

  it('gives a point for each set of dimensions, also behind a prefix', () => {
    const document = { _aws: metadata([['a'], ['a', 'b']]), a: 'x', b: 7, m: 3 };
    expect(readEmbeddedMetrics(`2026-01-01\tINFO\t${JSON.stringify(document)}`)).toEqual([
      {
        namespace: 'N',
        points: [
          { name: 'm', value: 3, dimensions: { a: 'x' }, timestampMs: 1 },
          { name: 'm', value: 3, dimensions: { a: 'x', b: '7' }, timestampMs: 1 },
        ],
      },
    ]);
  });

  it.each(['plain text', '{"a":1}', '{"CloudWatchMetrics": broken', '{"_aws":{"CloudWatchMetrics":[]}}'])(
    'gives nothing for %s',
    (line) => {
      expect(readEmbeddedMetrics(line)).toEqual([]);
    },
  );
});

describe('compileFilterPattern', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR disk', 'ERROR: disk full', true],
    ['ERROR disk', 'ERROR: net', false],
    ['"disk full"', 'disk is full', false],
    ['ERROR -retry', 'ERROR retry', false],
    ['?ERROR ?WARN', 'WARN x', true],
    ['?ERROR ?WARN', 'INFO x', false],
  ])('%s on %s: %s', (pattern, line, expected) => {
    expect(compileFilterPattern(pattern)(line)).toBe(expected);
  });
});
