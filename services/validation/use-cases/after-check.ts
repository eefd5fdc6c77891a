import type { CheckStore, Dispatcher } from '../ports.ts';
import { type CheckWaitingDataDeps, checkWaitingData } from './check-waiting-data.ts';

export interface AfterCheckDeps extends CheckWaitingDataDeps {
  readonly checks: CheckStore;
  readonly dispatcher: Dispatcher;
}

/** What follows the end of a check: the next of the version, and a contract that came while the suggestion was made. */
export async function afterCheck(
  deps: AfterCheckDeps,
  { project, datasetVersion }: { project: string; datasetVersion: number },
): Promise<void> {
  await checkWaitingData(deps, project);
  const open = await deps.checks.list(project, datasetVersion);
  if (open.length > 0) await deps.dispatcher.wake(project, datasetVersion);
}
