import { CliFailure, exitCodes } from './failure.ts';

/** A positive whole number off the command line. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new CliFailure(exitCodes.usage, `'${text}' is not a whole number above 0.`);
  return value;
}
