import { AppError } from '#shared/kernel/errors.ts';
import type { Revisions } from '../ports/revisions.ts';

/** How repeated writes wait. */
export interface RetryDeps {
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const maxAttempts = 60;
const maxPauseMs = 250;

/**
 * Changes what is stored under an id: `change` says what becomes of it, and is asked again where somebody changed it meanwhile; the
 * same object means that nothing is written. Throws `missing` where there is none, WriteBusy, and what `change` throws.
 */
export async function changeRevision<Value>(
  revisions: Revisions<Value>,
  { random, pause }: RetryDeps,
  id: string,
  missing: AppError,
  change: (value: Value) => Value,
): Promise<Value> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const before = await revisions.read(id);
    if (!before) throw missing;
    const value = change(before.value);
    if (value === before.value || (await revisions.write(value, before))) return value;
    await pause(random() * Math.min(maxPauseMs, 5 * 2 ** Math.min(attempt, 6)));
  }
  throw new AppError(
    'throttled',
    'WriteBusy',
    `Too many clients write to '${id}' at the same time. Write more in one call, and try again.`,
    { retryAfterSeconds: 1 },
  );
}
