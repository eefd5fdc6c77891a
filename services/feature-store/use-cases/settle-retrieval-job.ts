import type { RetrievalJobs } from '../ports.ts';
import { type EndRetrievalDeps, endRetrieval, tryAgain } from './end-retrieval.ts';

export interface SettleRetrievalJobDeps extends EndRetrievalDeps {
  readonly jobs: RetrievalJobs;
}

export type Settlement = 'unknown' | 'running' | 'absent' | 'settled' | 'tried-again';

/**
 * Asks SageMaker what became of a job and, when it ended, publishes what it made, or lets the retrieval be tried again on a bigger instance.
 * Safe at any time and any number of times: only what SageMaker says now counts.
 */
export async function settleRetrievalJob(deps: SettleRetrievalJobDeps, jobName: string): Promise<Settlement> {
  const retrieval = await deps.retrievals.findJob(jobName);
  if (retrieval?.work !== 'running' || retrieval.engine?.jobName !== jobName) return 'unknown';
  const outcome = await deps.jobs.describe(jobName);
  if (outcome.status === 'running' || outcome.status === 'absent') return outcome.status;
  if (outcome.status === 'failed') return tryAgain(deps, retrieval, outcome.reason);
  await endRetrieval(deps, retrieval, await deps.jobs.outcome(retrieval, jobName));
  return 'settled';
}
