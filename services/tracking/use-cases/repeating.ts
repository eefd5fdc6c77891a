import type { AppError } from '#shared/kernel/errors.ts';

/** How repeated writes wait. */
export interface RetryDeps {
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** How often is written, and how long pauses get: they double from the first on, six times at most, and lie anywhere below that. */
export interface Patience {
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

const maxDoublings = 6;

/**
 * Reads, decides and writes, again where somebody else wrote between: `attempt` answers undefined then. Throws `busy` when that
 * happened every time, and what `attempt` throws.
 */
export async function repeating<Result extends object>(
  { random, pause }: RetryDeps,
  { attempts, firstPauseMs, longestPauseMs }: Patience,
  busy: () => AppError,
  attempt: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let count = 1; count <= attempts; count++) {
    const result = await attempt();
    if (result !== undefined) return result;
    await pause(random() * Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(count, maxDoublings)));
  }
  throw busy();
}
