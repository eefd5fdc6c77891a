import { describe, expect, it } from 'vitest';
import { detailPatterns, refusedPatterns, sampleEvent } from '#test/wire/events/pattern-cases.ts';
import { assertValidPattern, matchesPattern } from './pattern.ts';

describe('matchesPattern', () => {
  it.each(detailPatterns)('%s', (_title, detail, expected) => {
    expect(matchesPattern({ detail }, sampleEvent)).toBe(expected);
  });

  it('needs every field of the envelope', () => {
    const pattern = {
      source: ['millrace.training'],
      'detail-type': [{ prefix: 'Training' }],
      resources: ['arn:b'],
    };
    expect(matchesPattern(pattern, sampleEvent)).toBe(true);
    expect(matchesPattern({ ...pattern, account: ['1'] }, sampleEvent)).toBe(false);
  });
});

describe('assertValidPattern', () => {
  it.each(refusedPatterns)('refuses %s', (_title, pattern, reason) => {
    expect(() => assertValidPattern(pattern)).toThrow(reason);
  });

  it('accepts what matchesPattern understands', () => {
    for (const [, detail] of detailPatterns) expect(() => assertValidPattern({ detail })).not.toThrow();
  });
});
