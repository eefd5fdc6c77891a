/** What a caller can act on. Closed: every edge renders all of them. */
export type ErrorKind =
  | 'invalid_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'already_exists'
  | 'conflict'
  | 'precondition_failed'
  | 'throttled'
  | 'unavailable';

/** One thing wrong with one part of an input. `path` is a JSON pointer-like path such as `instances/0/mean_radius`. */
export interface Violation {
  readonly path: string;
  readonly message: string;
  /** Place in the text that was sent, where it was text. Counted from 1. */
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetails {
  readonly violations?: readonly Violation[];
  readonly [member: string]: unknown;
}

/**
 * An error that somebody outside can act on. `code` is stable PascalCase; it is `error.name`, so that Step Functions can
 * match it in Retry and Catch. `message` names the value, what is allowed, and the cure. Anything else that is thrown is a
 * defect and becomes a logged 500.
 */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = code;
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}
