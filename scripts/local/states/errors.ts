/** A state or the whole execution failed with an error name that Retry and Catch can match. */
export class StateFailure extends Error {
  /** Error name, e.g. `States.Timeout`; a Fail state may leave it out. */
  readonly error: string | undefined;
  /** Explanation, for task errors a JSON text. */
  readonly explanation: string | undefined;
  constructor(error: string | undefined, explanation: string | undefined) {
    super(explanation ?? error ?? 'failed');
    this.name = 'StateFailure';
    this.error = error;
    this.explanation = explanation;
  }

  /** `$states.errorOutput`: what a Catch hands on. */
  get errorOutput(): { readonly Error?: string; readonly Cause?: string } {
    return {
      ...(this.error === undefined ? {} : { Error: this.error }),
      ...(this.explanation === undefined ? {} : { Cause: this.explanation }),
    };
  }
}

/** Step Functions passes at most this many bytes of JSON between states. */
export const MAX_PAYLOAD_BYTES = 262_144;

/** Step Functions ends an execution that would write more events than this. */
export const MAX_HISTORY_EVENTS = 25_000;

const TIMEOUTS: ReadonlySet<string> = new Set(['States.Timeout', 'States.HeartbeatTimeout']);

/**
 * Whether the `ErrorEquals` of a Retry or Catch takes an error. States.Runtime is never taken; States.ALL and
 * States.TaskFailed do not take States.DataLimitExceeded, and States.TaskFailed takes no timeout.
 */
export function errorEquals(names: readonly string[], failure: StateFailure): boolean {
  const error = failure.error;
  if (error === 'States.Runtime') return false;
  return names.some((name) => {
    if (name === error) return true;
    if (name === 'States.Timeout') return error === 'States.HeartbeatTimeout';
    if (error === 'States.DataLimitExceeded') return false;
    if (name === 'States.TaskFailed') return error === undefined || !TIMEOUTS.has(error);
    return name === 'States.ALL';
  });
}

/** Throws States.DataLimitExceeded when a value is larger, as JSON, than Step Functions passes on. */
export function assertPayloadSize(value: unknown, stateName: string, what: string): void {
  if (Buffer.byteLength(JSON.stringify(value)) <= MAX_PAYLOAD_BYTES) return;
  throw new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${stateName}' returned ${what} with a size exceeding the maximum number of bytes service limit (${MAX_PAYLOAD_BYTES}).`,
  );
}
