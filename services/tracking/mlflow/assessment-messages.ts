import { AppError } from '#shared/kernel/errors.ts';
import { missingParameter } from '#shared/mlflow/errors.ts';
import { timestampOnWire } from '#shared/mlflow/wire.ts';
import { type AssessmentChange, assessmentIdOf } from '../domain/assessments.ts';
import type { Assessment, AssessmentError, Said } from '../domain/trace.ts';
import type { AssessmentMessage, AssessmentParts } from './routes/assessments.ts';

/** The assessment that a message tells of. Throws UnknownAssessmentType. */
export function assessmentOfMessage(traceId: string, message: AssessmentMessage, nowMs: number): Assessment {
  const said = saidOf(message);
  if (!said) {
    throw new AppError(
      'invalid_input',
      'UnknownAssessmentType',
      'Unknown assessment type: None. An assessment has a feedback, an expectation or an issue.',
    );
  }
  const createTimeMs = message.create_time ?? nowMs;
  const told: Omit<Assessment, 'assessmentId'> = {
    name: message.assessment_name,
    ...(message.span_id ? { spanId: message.span_id } : {}),
    source: { sourceType: message.source.source_type, sourceId: message.source.source_id },
    createTimeMs,
    lastUpdateTimeMs: message.last_update_time ?? createTimeMs,
    said,
    ...(message.rationale ? { rationale: message.rationale } : {}),
    metadata: message.metadata,
    ...(message.overrides ? { overrides: message.overrides } : {}),
    valid: message.valid ?? true,
  };
  return { assessmentId: message.assessment_id || assessmentIdOf(traceId, told), ...told };
}

/**
 * What a message changes of an assessment: what its mask names, in the words of protocol buffers (`assessment_name`) or of their JSON
 * (`assessmentName`). Throws MissingParameter where it names what the message lacks, UpdateMaskInvalid.
 */
export function changeOfMessage(message: AssessmentParts, updateMask: string): AssessmentChange {
  let change: AssessmentChange = {};
  for (const path of updateMask.split(',').filter((part) => part !== '')) {
    change = { ...change, ...partOf(message, path.trim().split('.')[0]!) };
  }
  if (updateMask.includes('feedback') && updateMask.includes('expectation')) {
    throw new AppError(
      'invalid_input',
      'UpdateMaskInvalid',
      'Cannot specify both `expectation` and `feedback` parameters.',
    );
  }
  return change;
}

function partOf(message: AssessmentParts, path: string): AssessmentChange {
  switch (path) {
    case 'assessment_name':
    case 'assessmentName':
      return { name: message.assessment_name ?? '' };
    case 'feedback':
    case 'expectation': {
      const said = saidOf({ [path]: message[path] });
      if (!said) throw missingParameter(`assessment.${path}`);
      return { said };
    }
    case 'rationale':
      return { rationale: message.rationale ?? '' };
    case 'metadata':
      return { metadata: message.metadata };
    case 'valid':
      return { valid: message.valid ?? false };
    default:
      throw new AppError(
        'invalid_input',
        'UpdateMaskInvalid',
        `The update mask names '${path.slice(0, 100)}'. It may name assessment_name, feedback, expectation, rationale, metadata and valid.`,
      );
  }
}

function saidOf({
  feedback,
  expectation,
  issue,
}: Pick<Partial<AssessmentParts>, 'feedback' | 'expectation' | 'issue'>): Said | undefined {
  if (expectation) return { kind: 'expectation', value: expectedValue(expectation) };
  if (feedback) {
    const {
      error_code: errorCode,
      error_message: errorMessage,
      stack_trace: stackTrace,
    } = feedback.error ?? {};
    const error: AssessmentError = {
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(errorMessage === undefined ? {} : { errorMessage }),
      ...(stackTrace === undefined ? {} : { stackTrace }),
    };
    return { kind: 'feedback', value: feedback.value ?? null, ...(feedback.error ? { error } : {}) };
  }
  return issue && { kind: 'issue', issueName: issue.issue_name };
}

const jsonFormat = 'JSON_FORMAT';

function expectedValue({ value, serialized_value: serialized }: NonNullable<AssessmentParts['expectation']>) {
  if (!serialized) return value ?? null;
  if (serialized.serialization_format !== jsonFormat) {
    throw new AppError(
      'invalid_input',
      'SerializationFormatUnknown',
      `Unknown serialization format: ${serialized.serialization_format}. Only ${jsonFormat} is supported.`,
    );
  }
  try {
    return JSON.parse(serialized.value) as unknown;
  } catch {
    throw new AppError(
      'invalid_input',
      'SerializedValueInvalid',
      `The serialized value of the expectation is no JSON: ${serialized.value.slice(0, 200)}`,
    );
  }
}

/** An assessment as clients read it. */
export function assessmentMessageOf(traceId: string, assessment: Assessment): object {
  const { spanId, source, said, rationale, metadata, overrides } = assessment;
  return {
    assessment_id: assessment.assessmentId,
    assessment_name: assessment.name,
    trace_id: traceId,
    ...(spanId === undefined ? {} : { span_id: spanId }),
    source: { source_type: source.sourceType, source_id: source.sourceId },
    create_time: timestampOnWire(assessment.createTimeMs),
    last_update_time: timestampOnWire(assessment.lastUpdateTimeMs),
    ...saidMessage(said),
    ...(rationale === undefined ? {} : { rationale }),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(overrides === undefined ? {} : { overrides }),
    valid: assessment.valid,
  };
}

function saidMessage(said: Said): object {
  switch (said.kind) {
    case 'feedback': {
      const { value, error } = said;
      return { feedback: { value, ...(error ? { error: errorMessageOf(error) } : {}) } };
    }
    case 'expectation': {
      const isPlain = ['string', 'number', 'boolean'].includes(typeof said.value);
      const serialized = { serialization_format: jsonFormat, value: JSON.stringify(said.value) };
      return { expectation: isPlain ? { value: said.value } : { serialized_value: serialized } };
    }
    case 'issue':
      return { issue: { issue_name: said.issueName } };
  }
}

const errorMessageOf = ({ errorCode, errorMessage, stackTrace }: AssessmentError): object => ({
  error_code: errorCode,
  error_message: errorMessage,
  stack_trace: stackTrace,
});
