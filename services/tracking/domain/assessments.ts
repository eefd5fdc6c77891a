import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { Assessment, Said, Trace } from './trace.ts';

/** What an update changes; all else stays. */
export interface AssessmentChange {
  readonly name?: string;
  readonly said?: Said;
  readonly rationale?: string;
  /** Added to what there is. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly valid?: boolean;
}

const maxNameLength = 250;

/**
 * The id of a new assessment, made of what it says: a client that repeats a request whose answer was lost makes it once.
 */
export const assessmentIdOf = (traceId: string, told: Omit<Assessment, 'assessmentId'>): string =>
  `a-${digestOf({ traceId, ...told }).slice(0, 32)}`;

const assessmentNotFound = (traceId: string, assessmentId: string): AppError =>
  new AppError(
    'not_found',
    'AssessmentNotFound',
    `Assessment with ID '${assessmentId}' not found for trace '${traceId}'`,
  );

/** Throws AssessmentNotFound. */
export function assessmentOf(trace: Trace, assessmentId: string): Assessment {
  const found = trace.assessments.find((one) => one.assessmentId === assessmentId);
  if (!found) throw assessmentNotFound(trace.traceId, assessmentId);
  return found;
}

/** Throws AssessmentNameInvalid. */
export function assertAssessmentName(name: string): void {
  if (name.length > 0 && name.length <= maxNameLength) return;
  throw new AppError(
    'invalid_input',
    'AssessmentNameInvalid',
    `The name of an assessment has 1 to ${maxNameLength} characters; this one has ${name.length}.`,
  );
}

/** The trace with an assessment more; what that one overrides is not valid any more. Throws AssessmentNotFound. */
export function assessed(trace: Trace, assessment: Assessment): Trace {
  assertAssessmentName(assessment.name);
  const { overrides, assessmentId } = assessment;
  const others = trace.assessments.filter((one) => one.assessmentId !== assessmentId);
  if (overrides !== undefined) assessmentOf(trace, overrides);
  return {
    ...trace,
    assessments: [...others.map((one) => validIf(one, overrides, false)), assessment],
  };
}

/** The trace with a changed assessment. Throws AssessmentNotFound, AssessmentKindFixed, AssessmentNameInvalid. */
export function reassessed(
  trace: Trace,
  assessmentId: string,
  { said, metadata, ...change }: AssessmentChange,
  nowMs: number,
): Trace {
  const before = assessmentOf(trace, assessmentId);
  if (said && said.kind !== before.said.kind) {
    const kinds = { feedback: 'a Feedback', expectation: 'an Expectation', issue: 'an Issue' };
    throw new AppError(
      'invalid_input',
      'AssessmentKindFixed',
      `Cannot update ${said.kind} value on ${kinds[before.said.kind]} assessment.`,
    );
  }
  if (change.name !== undefined) assertAssessmentName(change.name);
  const after: Assessment = {
    ...before,
    ...change,
    ...(said ? { said } : {}),
    metadata: { ...before.metadata, ...metadata },
    lastUpdateTimeMs: nowMs,
  };
  return {
    ...trace,
    assessments: trace.assessments.map((one) => (one.assessmentId === assessmentId ? after : one)),
  };
}

/** The trace without an assessment; what that one overrode is valid again. One that is not there changes nothing. */
export function withoutAssessment(trace: Trace, assessmentId: string): Trace {
  const gone = trace.assessments.find((one) => one.assessmentId === assessmentId);
  return {
    ...trace,
    assessments: trace.assessments
      .filter((one) => one !== gone)
      .map((one) => validIf(one, gone?.overrides, true)),
  };
}

const validIf = (one: Assessment, assessmentId: string | undefined, valid: boolean): Assessment =>
  one.assessmentId === assessmentId ? { ...one, valid } : one;
