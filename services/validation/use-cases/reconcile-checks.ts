import type { Check } from '../ports.ts';
import { checkWaitingData } from './check-waiting-data.ts';
import { type SettleJobDeps, settleJob } from './settle-job.ts';
import { tryAgain } from './try-again.ts';

/** What is younger may still be on its way. */
const graceSeconds = 600;
/** Lambda tries a function three times, 15 minutes each, and waits a minute and two between. */
const functionSeconds = 3600;
/** A day at most for a job itself, and its start. */
const jobSeconds = 26 * 3600;

/**
 * Repairs what lost events and dead functions left behind: wakes checks that nothing works on, asks after jobs, tries again what did
 * not answer in time, and checks waiting data whose contract came.
 */
export async function reconcileChecks(deps: SettleJobDeps): Promise<void> {
  for await (const check of deps.checks.unfinished()) await reconcileCheck(deps, check);
  for await (const { project } of deps.suggestions.allWaiting()) await checkWaitingData(deps, project);
}

async function reconcileCheck(deps: SettleJobDeps, listed: Check): Promise<void> {
  const open = await deps.checks.list(listed.project, listed.datasetVersion);
  const check = open.find(({ checkId }) => checkId === listed.checkId);
  if (!check) return;
  const ageSeconds = secondsSince(deps, check.dispatchedAt ?? check.requestedAt);
  if (check.status !== 'running') {
    if (ageSeconds > graceSeconds) await deps.dispatcher.wake(check.project, check.datasetVersion);
    return;
  }
  const jobName = check.engine?.jobName;
  if (jobName === undefined) {
    if (ageSeconds > functionSeconds) await tryAgain(deps, check, 'the function did not answer');
    return;
  }
  const settlement = await settleJob(deps, jobName);
  if (settlement === 'running' && ageSeconds > jobSeconds) await deps.jobs.stop(jobName);
  if (settlement === 'absent' && ageSeconds > graceSeconds)
    await tryAgain(deps, check, `SageMaker knows no job ${jobName}`);
}

const secondsSince = ({ clock }: Pick<SettleJobDeps, 'clock'>, time: string): number =>
  (clock.now().getTime() - Date.parse(time)) / 1000;
