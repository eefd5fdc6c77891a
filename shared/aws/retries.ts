import { AppError } from '#shared/kernel/errors.ts';

/** DynamoDB cancels writes that touch the same item at the same time; a few retries with jitter settle that. */
export const conflictAttempts = 6;

export const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 40 * 2 ** attempt));

/** How DynamoDB says that a table, a partition or an account is asked for too much at once. */
const throttles: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

export const isThrottled = (error: unknown): boolean => error instanceof Error && throttles.has(error.name);

export const tableBusy = (tableName: string, cause?: unknown): AppError =>
  new AppError(
    'unavailable',
    'TableBusy',
    `${tableName} is asked for more than it takes at once. Try again in a few seconds.`,
    {},
    { cause },
  );

/** Calls DynamoDB again, after a pause that grows, while it is throttled. Throws TableBusy (unavailable) where that lasts. */
export async function whileThrottled<T>(tableName: string, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isThrottled(error)) throw error;
      if (attempt === conflictAttempts) throw tableBusy(tableName, error);
      await pause(attempt);
    }
  }
}
