import { AppError } from '#shared/kernel/errors.ts';

/** As many writers of one model may come between: each round, one of them gets through. */
const maxAttempts = 30;

const isContention = (error: unknown): boolean =>
  error instanceof AppError && ['ModelChanged', 'TransactionConflict'].includes(error.code);

/**
 * Reads, decides and writes again where somebody else wrote between reading and writing. Throws ModelBusy (throttled), which
 * clients of MLflow take for a request to come again.
 */
export async function retryingChanges<Result>(change: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      if (!isContention(error)) throw error;
      if (attempt < maxAttempts) continue;
      throw new AppError(
        'throttled',
        'ModelBusy',
        'Many are changing this model at the same time. Try again in a moment.',
        { retryAfterSeconds: 1 },
        { cause: error },
      );
    }
  }
}
