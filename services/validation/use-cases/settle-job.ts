import type { ProcessingJobs } from '../ports.ts';
import { afterCheck } from './after-check.ts';
import { completeCheck } from './complete-check.ts';
import { type TryAgainDeps, tryAgain } from './try-again.ts';

export interface SettleJobDeps extends TryAgainDeps {
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
