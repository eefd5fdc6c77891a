import { type Check, maxAttempts } from '../domain/check.ts';
import type { ProcessingJobs } from '../ports.ts';
import { type CompleteCheckDeps, completeCheck, unreadable } from './complete-check.ts';
import { type RunCheckDeps, afterCheck } from './run-check.ts';

export interface SettleJobDeps extends Omit<RunCheckDeps, 'checker'>, CompleteCheckDeps {
  readonly jobs: ProcessingJobs;
}

export type Settlement = 'unknown' | 'running' | 'absent' | 'settled' | 'tried-again';

/**
 * Asks SageMaker what became of a job and, when it ended, publishes what it found, or lets the check be tried again on a bigger
 * instance. Safe at any time and any number of times: only what SageMaker says now counts.
 */
export async function settleJob(deps: SettleJobDeps, jobName: string): Promise<Settlement> {
  const check = await deps.checks.findJob(jobName);
  if (!check?.plan || check.status !== 'running' || check.engine?.jobName !== jobName) return 'unknown';
  const outcome = await deps.jobs.describe(jobName);
  if (outcome.status === 'running' || outcome.status === 'absent') return outcome.status;
  if (outcome.status === 'completed') {
    const plan = await deps.documents.readPlan(check.plan);
    await completeCheck(deps, check, plan, await deps.jobs.outcome(check));
    await afterCheck(deps, check);
    return 'settled';
  }
  return tryAgain(deps, check, outcome.reason);
}

/** Sets a check to work once more, a size bigger; after the last try its version counts as unreadable. */
export async function tryAgain(
  deps: SettleJobDeps,
  check: Check & { readonly plan?: Check['plan'] },
  reason: string,
): Promise<'tried-again' | 'settled'> {
  const attempts = check.attempts + 1;
  if (attempts < maxAttempts || !check.plan) {
    const { engine: _engine, dispatchedAt: _dispatchedAt, ...rest } = check;
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
