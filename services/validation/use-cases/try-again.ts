import { maxAttempts } from '../domain/check.ts';
import type { Check } from '../ports.ts';
import { type AfterCheckDeps, afterCheck } from './after-check.ts';
import { type CompleteCheckDeps, completeCheck, unreadable } from './complete-check.ts';

export interface TryAgainDeps extends AfterCheckDeps, CompleteCheckDeps {}

/**
 * Plans a check anew and sets it to work once more, a size bigger; after the last try its version counts as unreadable. The plan is made
 * anew because what it names may be what could not be read.
 */
export async function tryAgain(
  deps: TryAgainDeps,
  check: Check,
  reason: string,
): Promise<'tried-again' | 'settled'> {
  const attempts = check.attempts + 1;
  if (attempts < maxAttempts || !check.plan) {
    const { engine: _engine, dispatchedAt: _dispatchedAt, plan: _plan, ...rest } = check;
    await deps.checks.change(rest, { status: 'planned', attempts });
    await deps.dispatcher.wake(check.project, check.datasetVersion);
    return 'tried-again';
  }
  const plan = await deps.documents.readPlan(check.plan);
  const observed = `${attempts} tries ended without an answer; the last: ${reason}`.slice(0, 1000);
  await completeCheck(deps, check, plan, unreadable(observed, 'a check that ends'));
  await afterCheck(deps, check);
  return 'settled';
}
