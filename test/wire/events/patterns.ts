import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { detailPatterns, refusedPatterns, sampleEvent } from './pattern-cases.ts';

/** What the cases of event patterns work on. */
export interface PatternSubject {
  /** Whether an event matches a pattern, both JSON texts; rejects for a pattern that is refused. */
  matches(pattern: string, event: string): Promise<boolean>;
}

const matches = (subject: PatternSubject, pattern: unknown) =>
  subject.matches(JSON.stringify(pattern), JSON.stringify(sampleEvent));

/** Event patterns: every operator, what they match and which are refused. */
export const patternSuite: WireSuite<PatternSubject> = {
  ...Object.fromEntries(
    detailPatterns.map(([title, detail, expected]) => [
      `${expected ? 'matches' : 'does not match'}: ${title}`,
      async (subject: PatternSubject) => {
        expect(await matches(subject, { detail })).toBe(expected);
      },
    ]),
  ),

  'needs every field of the envelope': async (subject) => {
    const pattern = {
      source: [{ prefix: 'millrace.' }],
      'detail-type': [{ prefix: 'Training' }],
      resources: ['arn:b'],
    };
    expect(await matches(subject, pattern)).toBe(true);
    expect(await matches(subject, { ...pattern, account: ['111111111111'] })).toBe(false);
  },

  ...Object.fromEntries(
    refusedPatterns.map(([title, pattern]) => [
      `refuses ${title}`,
      async (subject: PatternSubject) => {
        await expect(matches(subject, pattern)).rejects.toThrow();
      },
    ]),
  ),
};
