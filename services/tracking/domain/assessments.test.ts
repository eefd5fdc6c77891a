import { describe, expect, it } from 'vitest';
import { told } from '#test/doubles/traces.ts';
import { assessed, assessmentIdOf, assessmentOf, reassessed, withoutAssessment } from './assessments.ts';
import type { Assessment } from './trace.ts';

const feedback = (assessmentId: string, parts: Partial<Assessment> = {}): Assessment => ({
  assessmentId,
  name: 'quality',
  source: { sourceType: 'HUMAN', sourceId: 'bob' },
  createTimeMs: 1,
  lastUpdateTimeMs: 1,
  said: { kind: 'feedback', value: 4 },
  metadata: { a: '1' },
  valid: true,
  ...parts,
});
const first = assessed(told(1), feedback('a-1'));

describe('an assessment of a trace', () => {
  it('takes the place of what it overrides, which is valid again when it goes', () => {
    const second = assessed(first, feedback('a-2', { overrides: 'a-1' }));
    expect(second.assessments.map(({ assessmentId, valid }) => [assessmentId, valid])).toEqual([
      ['a-1', false],
      ['a-2', true],
    ]);
    expect(withoutAssessment(second, 'a-2')).toEqual(first);
  });

  it('overrides only what is there', () => {
    expect(() => assessed(first, feedback('a-2', { overrides: 'a-9' }))).toThrow(
      `Assessment with ID 'a-9' not found for trace '${first.traceId}'`,
    );
  });

  it('is made once, however often the request comes', () => {
    const { assessmentId: _, ...said } = feedback('');
    expect(assessmentIdOf('tr-1', said)).toBe(assessmentIdOf('tr-1', { ...said }));
    expect(assessmentIdOf('tr-1', said)).not.toBe(assessmentIdOf('tr-1', { ...said, name: 'other' }));
    expect(assessed(first, feedback('a-1'))).toEqual(first);
  });

  it('keeps what an update does not name, and adds metadata', () => {
    const change = { said: { kind: 'feedback', value: 5 }, metadata: { b: '2' } } as const;
    expect(assessmentOf(reassessed(first, 'a-1', change, 9), 'a-1')).toEqual(
      feedback('a-1', {
        said: { kind: 'feedback', value: 5 },
        metadata: { a: '1', b: '2' },
        lastUpdateTimeMs: 9,
      }),
    );
  });

  it('stays what it is: no feedback becomes an expectation', () => {
    const change = { said: { kind: 'expectation', value: 5 } } as const;
    expect(() => reassessed(first, 'a-1', change, 9)).toThrow(
      'Cannot update expectation value on a Feedback assessment.',
    );
  });

  it.each(['', 'x'.repeat(251)])('has a name of 1 to 250 characters, not %j', (name) => {
    expect(() => assessed(first, feedback('a-2', { name }))).toThrow('has 1 to 250 characters');
    expect(() => reassessed(first, 'a-1', { name }, 9)).toThrow('has 1 to 250 characters');
  });

  it('is deleted twice as well as once', () => {
    const gone = withoutAssessment(first, 'a-1');
    expect(gone.assessments).toEqual([]);
    expect(withoutAssessment(gone, 'a-1')).toEqual(gone);
  });
});
