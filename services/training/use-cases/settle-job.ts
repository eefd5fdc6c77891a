import { type JobOutcome, jobFailure } from '../domain/job.ts';
import type { Job, JobRunner, ObjectHasher, TaskTokens, TrainingStore } from '../ports.ts';

export interface SettleJobDeps {
  readonly store: TrainingStore;
  readonly jobs: JobRunner;
  readonly tokens: TaskTokens;
  readonly objects: ObjectHasher;
}

export type Settlement = 'unknown' | 'settled-before' | 'running' | 'absent' | 'answered';

/**
 * Asks SageMaker what became of a job and, when it ended, answers the execution that waits for it. Safe to call at any time and
 * any number of times, whatever event was the reason: only what SageMaker says now counts.
 */
export async function settleJob(deps: SettleJobDeps, jobName: string): Promise<Settlement> {
  const job = await deps.store.readJob(jobName);
  if (!job) return 'unknown';
  if (job.settled) return 'settled-before';
  const outcome = await deps.jobs.describe(job);
  if (outcome.status === 'running' || outcome.status === 'absent') return outcome.status;
  if (outcome.status === 'completed') {
    await deps.tokens.succeed(job.taskToken, await outputOf(deps, job, outcome));
  } else {
    const { error, cause } = jobFailure(job.kind, outcome);
    await deps.tokens.fail(job.taskToken, error, cause);
  }
  if (job.kind === 'transform') await deps.jobs.removeModel(job.jobName);
  await deps.store.markSettled(job);
  return 'answered';
}

/** The output that the contract promises to the machine: of start-training-job or start-transform-job. */
async function outputOf(
  { objects }: SettleJobDeps,
  job: Job,
  { outputUri, metrics, billableSeconds }: Extract<JobOutcome, { status: 'completed' }>,
): Promise<unknown> {
  const output = await objects.fingerprint(outputUri);
  return job.kind === 'transform'
    ? { candidate: job.candidate, predictions: output }
    : { jobName: job.jobName, artifact: output, metrics, billableSeconds };
}
