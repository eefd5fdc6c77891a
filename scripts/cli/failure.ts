/** Exit codes of the command: stable, for scripts. */
export const exitCodes = {
  done: 0,
  /** What was asked for ran and ended badly (a rejected upload, a failed training). */
  failed: 1,
  /** The command line or a local file is not right. */
  usage: 2,
  /** The platform did not answer. */
  unreachable: 3,
  /** The platform refused: bad input, missing rights, not found, a conflict. */
  refused: 4,
} as const;

/** Ends the command with one clear message. `details` are further lines, e.g. one per bad field. */
export class CliFailure extends Error {
  readonly exitCode: number;
  readonly details: readonly string[];
  constructor(exitCode: number, message: string, details: readonly string[] = []) {
    super(message);
    this.name = 'CliFailure';
    this.exitCode = exitCode;
    this.details = details;
  }
}
