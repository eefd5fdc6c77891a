import { AppError, type ErrorKind } from '#shared/kernel/errors.ts';

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
    ...error.details,
    type: `urn:millrace:problem:${error.code}`,
    title: error.code.replace(
      /([a-z])([A-Z])/g,
      (_all, end: string, start: string) => `${end} ${start.toLowerCase()}`,
    ),
    status: statusOfKind[error.kind],
    detail: error.message,
    code: error.code,
    requestId,
  };
}
