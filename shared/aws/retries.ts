/** DynamoDB cancels writes that touch the same item at the same time; a few retries with jitter settle that. */
export const conflictAttempts = 6;

export const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 40 * 2 ** attempt));
