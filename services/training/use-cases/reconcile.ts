import type { Job } from '../ports.ts';
import { askPending } from './ask-pending.ts';
import { failTraining } from './end-training.ts';
import type { GovernorDeps } from './governor-memory.ts';
import { type SettleJobDeps, settleJob } from './settle-job.ts';
import { type StartExecutionDeps, startExecution } from './start-execution.ts';

/** A flight that is younger may still be on its way through the bus. */
const graceSeconds = 600;

export type ReconcileDeps = GovernorDeps & SettleJobDeps & StartExecutionDeps;

/**
 * Repairs what lost events left behind: asks after every job in flight, stops those whose training ended without them, starts executions that were never started, ends flights
 * whose execution ended, and asks the governor for what waits.
 */
export async function reconcile(deps: ReconcileDeps): Promise<void> {
  for (const job of await deps.store.listJobsInFlight()) await reconcileJob(deps, job);
  for (const project of await deps.store.listBusyProjects()) await reconcileProject(deps, project);
}

/** A job that outlives its training, say after a timeout of the execution, only costs money; one that was refused is waited for no more. */
async function reconcileJob(deps: ReconcileDeps, job: Job): Promise<void> {
  const settlement = await settleJob(deps, job.jobName);
  if (settlement !== 'running' && settlement !== 'absent') return;
  const training = await deps.store.readTraining(job.trainingId);
  if (training?.status !== 'completed' && training?.status !== 'failed') return;
  await (settlement === 'running' ? deps.jobs.stop(job) : deps.store.markSettled(job));
}

async function reconcileProject(deps: ReconcileDeps, project: string): Promise<void> {
  const { flight } = (await deps.store.readGovernor(project)).state;
  if (!flight) return askPending(deps, project);
  const ageSeconds = (deps.clock.now().getTime() - Date.parse(flight.since)) / 1000;
  if (ageSeconds < graceSeconds) return;
  const { trainingId } = flight;
  const { status, cause } = await deps.machine.status(trainingId);
  if (status === 'absent') return startExecution(deps, trainingId);
  if (status === 'running') return;
  await failTraining(deps, {
    trainingId,
    step: 'execution',
    error: 'ExecutionEnded',
    cause: cause ?? `The execution ${status} without telling the governor.`,
  });
}
