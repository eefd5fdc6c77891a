import { currentCheck } from '../domain/check.ts';
import type { RowChecker } from '../ports.ts';
import { type CheckWaitingDataDeps, checkWaitingData } from './check-waiting-data.ts';
import { type CompleteCheckDeps, completeCheck } from './complete-check.ts';

export interface RunCheckDeps extends CompleteCheckDeps, CheckWaitingDataDeps {
  readonly checker: RowChecker;
}

/** What a function that checks rows is called with. */
export interface CheckToRun {
  readonly project: string;
  readonly datasetVersion: number;
  readonly checkId: string;
}

/** Checks the rows of a version here and publishes what was found, unless that was done before. */
export async function runCheck(deps: RunCheckDeps, { project, datasetVersion, checkId }: CheckToRun): Promise<void> {
  const check = currentCheck(await deps.checks.list(project, datasetVersion));
  if (check?.plan && check.checkId === checkId && check.status !== 'cleaning') {
    const plan = await deps.documents.readPlan(check.plan);
    await completeCheck(deps, check, plan, await deps.checker.check(plan));
  }
  await afterCheck(deps, { project, datasetVersion });
}

/** What follows the end of a check: the next of the version, and a contract that came while the suggestion was made. */
export async function afterCheck(
  deps: Pick<RunCheckDeps, 'checks' | 'dispatcher'> & CheckWaitingDataDeps,
  { project, datasetVersion }: { project: string; datasetVersion: number },
): Promise<void> {
  await checkWaitingData(deps, project);
  const open = await deps.checks.list(project, datasetVersion);
  if (open.length > 0) await deps.dispatcher.wake(project, datasetVersion);
}

