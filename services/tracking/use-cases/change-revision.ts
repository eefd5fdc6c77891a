import { AppError } from '#shared/kernel/errors.ts';
import type { Revisions } from '../ports/revisions.ts';
import { type RetryDeps, repeating } from './repeating.ts';

const patience = { attempts: 60, firstPauseMs: 5, longestPauseMs: 250 };

/**
 * Changes what is stored under an id: `change` says what becomes of it, and is asked again where somebody changed it meanwhile; the
 * same object means that nothing is written. Throws `missing` where there is none, WriteBusy, and what `change` throws.
 */
export async function changeRevision<Value extends object>(
  revisions: Revisions<Value>,
  deps: RetryDeps,
  id: string,
  missing: AppError,
  change: (value: Value) => Value,
): Promise<Value> {
  const busy = () =>
    new AppError(
      'throttled',
      'WriteBusy',
      `Too many clients write to '${id}' at the same time. Write more in one call, and try again.`,
      { retryAfterSeconds: 1 },
    );
  return repeating(deps, patience, busy, async () => {
    const before = await revisions.read(id);
    if (!before) throw missing;
    const value = change(before.value);
    return value === before.value || (await revisions.write(value, before)) ? value : undefined;
  });
}
