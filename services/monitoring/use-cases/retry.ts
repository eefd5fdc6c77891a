import { AppError } from '#shared/kernel/errors.ts';

/** Capture files of one version come seconds apart; more than a few collisions in a row do not happen. */
const maxAttempts = 8;

/** Runs on windows as they are; when somebody else changed one meanwhile (WindowChanged), reads and runs again. */
export async function untilUnchanged<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const changed = error instanceof AppError && error.code === 'WindowChanged';
      if (!changed || attempt === maxAttempts) throw error;
    }
  }
}
