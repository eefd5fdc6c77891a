import type { EntityFiles, RetrievalRecord } from '../ports.ts';
import { tryAgain } from './end-retrieval.ts';
import { type SettleRetrievalJobDeps, settleRetrievalJob } from './settle-retrieval-job.ts';

export interface RepairRetrievalsDeps extends SettleRetrievalJobDeps {
  readonly files: Pick<EntityFiles, 'dropExpired'>;
}

/** What is younger may still be on its way. */
const graceSeconds = 600;
/** Lambda tries a function three times, 15 minutes each, and waits a minute and two between. */
const functionSeconds = 3600;
/** A day at most for a job itself, and its start. */
const jobSeconds = 26 * 3600;

/** Repairs what lost events and dead functions left behind, so that every wait ends; deletes files of entity rows that are a day old. */
export async function repairRetrievals(deps: RepairRetrievalsDeps): Promise<void> {
  for await (const retrieval of deps.retrievals.unfinished()) await repair(deps, retrieval);
  await deps.files.dropExpired(deps.clock.now());
}

async function repair(deps: RepairRetrievalsDeps, listed: RetrievalRecord): Promise<void> {
  const retrieval = await deps.retrievals.find(listed.project, listed.retrievalId);
  if (!retrieval || retrieval.work === 'ended') return;
  const since = retrieval.dispatchedAt ?? retrieval.requestedAt;
  const ageSeconds = (deps.clock.now().getTime() - Date.parse(since)) / 1000;
  if (retrieval.work === 'planned') {
    if (ageSeconds > graceSeconds) await deps.dispatcher.wake(retrieval.project, retrieval.retrievalId);
    return;
  }
  const jobName = retrieval.engine?.jobName;
  if (jobName === undefined) {
    if (ageSeconds > functionSeconds) await tryAgain(deps, retrieval, 'the function did not answer');
    return;
  }
  const settlement = await settleRetrievalJob(deps, jobName);
  if (settlement === 'running' && ageSeconds > jobSeconds) await deps.jobs.stop(jobName);
  if (settlement === 'absent' && ageSeconds > graceSeconds)
    await tryAgain(deps, retrieval, `SageMaker knows no job ${jobName}`);
}
