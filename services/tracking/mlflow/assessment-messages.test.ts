import { describe, expect, it } from 'vitest';
import { assessmentMessageOf, assessmentOfMessage, changeOfMessage } from './assessment-messages.ts';
import { createAssessment, updateAssessment } from './routes/assessments.ts';

const source = { source_type: 'HUMAN', source_id: 'bob' };
const read = (assessment: object) =>
  createAssessment.message.parse({
    trace_id: 'tr-1',
    assessment: { assessment_name: 'a', source, ...assessment },
  }).assessment;
const echoed = (assessment: object) =>
  assessmentMessageOf('tr-1', assessmentOfMessage('tr-1', read(assessment), 5));
const change = (assessment: object, mask: string) =>
  changeOfMessage(
    updateAssessment.message.parse({ trace_id: 'tr-1', assessment_id: 'a-1', assessment, update_mask: mask })
      .assessment,
    mask,
  );

describe('an assessment on its way', () => {
  it.each([
    [{ feedback: { value: true }, rationale: 'r', metadata: { k: 'v' }, span_id: 's' }],
    [{ feedback: { value: null, error: { error_code: 'E', error_message: 'm', stack_trace: 't' } } }],
    [{ feedback: { value: { a: [1, 'x'] } }, valid: false, overrides: 'a-0' }],
    [{ expectation: { value: 'text' } }],
    [{ expectation: { serialized_value: { serialization_format: 'JSON_FORMAT', value: '{"a":[1]}' } } }],
    [{ issue: { issue_name: 'slow' } }],
  ])('comes back as it was said: %j', (said) => {
    expect(echoed({ create_time: '2026-01-01T00:00:00.250Z', ...said })).toMatchObject({
      ...said,
      trace_id: 'tr-1',
      assessment_name: 'a',
      source,
      create_time: '2026-01-01T00:00:00.250Z',
      last_update_time: '2026-01-01T00:00:00.250Z',
      valid: 'valid' in said ? said.valid : true,
    });
  });

  it('has the same id when the same request comes again', () => {
    const said = { feedback: { value: 1 }, create_time: '2026-01-01T00:00:00Z' };
    expect(echoed(said)).toEqual(echoed(said));
  });

  it.each([
    [{}, 'UnknownAssessmentType'],
    [{ expectation: { serialized_value: { value: '1' } } }, 'SerializationFormatUnknown'],
    [
      { expectation: { serialized_value: { serialization_format: 'JSON_FORMAT', value: '{' } } },
      'SerializedValueInvalid',
    ],
  ])('says something that can be read: %j', (said, code) => {
    expect(() => assessmentOfMessage('tr-1', read(said), 5)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a change of an assessment', () => {
  it('is what its mask names, in either spelling', () => {
    const sent = { assessment_name: 'b', feedback: { value: 2 }, rationale: 'r', metadata: { k: 'v' } };
    expect(change(sent, 'assessmentName')).toEqual({ name: 'b' });
    expect(change(sent, 'assessment_name,rationale')).toEqual({ name: 'b', rationale: 'r' });
    expect(change(sent, 'feedback,metadata')).toEqual({
      said: { kind: 'feedback', value: 2 },
      metadata: { k: 'v' },
    });
  });

  it.each([
    [{ feedback: { value: 2 } }, 'expectation', 'MissingParameter'],
    [{ feedback: { value: 2 } }, 'source', 'UpdateMaskInvalid'],
    [{ feedback: { value: 2 }, expectation: { value: 1 } }, 'feedback,expectation', 'UpdateMaskInvalid'],
  ])('names only what can change and is sent: %j by %s', (sent, mask, code) => {
    expect(() => change(sent, mask)).toThrow(expect.objectContaining({ code }));
  });
});
