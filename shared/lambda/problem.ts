import { AppError, type ErrorDetails, type ErrorKind } from '#shared/kernel/errors.ts';

const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  already_exists: 409,
  conflict: 409,
  precondition_failed: 412,
  throttled: 429,
  unavailable: 503,
};

/** RFC 9457 problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly [member: string]: unknown;
}

/** A problem is read by people: more is cut off, so that an answer stays small whatever was sent (Lambda answers at most 6 MB). */
const maxDetailLength = 8000;
const maxViolations = 51;
const maxViolationLength = 500;

/** Renders an error for the native API; whatever is not an AppError says nothing of the inside. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (!(error instanceof AppError)) {
    return {
      type: 'urn:millrace:problem:InternalError',
      title: 'Internal error',
      status: 500,
      detail: `Something broke on our side. Tell the operators the request id ${requestId}.`,
      code: 'InternalError',
      requestId,
    };
  }
  return {
    ...shortDetails(error.details),
    type: `urn:millrace:problem:${error.code}`,
    title: error.code.replace(
      /([a-z])([A-Z])/g,
      (_all, end: string, start: string) => `${end} ${start.toLowerCase()}`,
    ),
    status: statusOfKind[error.kind],
    detail: cut(error.message, maxDetailLength),
    code: error.code,
    requestId,
  };
}

function shortDetails({ violations, ...details }: ErrorDetails): ErrorDetails {
  if (!violations) return details;
  const shown = violations.slice(0, maxViolations).map((violation) => ({
    ...violation,
    path: cut(violation.path, maxViolationLength),
    message: cut(violation.message, maxViolationLength),
  }));
  return { ...details, violations: shown };
}

const cut = (text: string, maxLength: number): string =>
  text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
