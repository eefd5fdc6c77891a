import { AppError } from '#shared/kernel/errors.ts';
import { currentCheck } from '../domain/check.ts';
import type { CheckPlan, StoredOutcome } from '../domain/check-plan.ts';
import type { Check, RowChecker } from '../ports.ts';
import { afterCheck } from './after-check.ts';
import type { CheckWaitingDataDeps } from './check-waiting-data.ts';
import { type CompleteCheckDeps, completeCheck } from './complete-check.ts';
import { tryAgain } from './try-again.ts';

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
export async function runCheck(
  deps: RunCheckDeps,
  { project, datasetVersion, checkId }: CheckToRun,
): Promise<void> {
  const check = currentCheck(await deps.checks.list(project, datasetVersion));
  if (check?.plan && check.checkId === checkId && check.status !== 'cleaning') {
    const plan = await deps.documents.readPlan(check.plan);
    const outcome = await checkOrGrow(deps, check, plan);
    if (!outcome) return;
    await completeCheck(deps, check, plan, outcome);
  }
  await afterCheck(deps, { project, datasetVersion });
}

/** What was found; undefined where the function was too small, or its plan too old, and the check goes on elsewhere. */
async function checkOrGrow(
  deps: RunCheckDeps,
  check: Check,
  plan: CheckPlan,
): Promise<StoredOutcome | undefined> {
  try {
    return await deps.checker.check(plan);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'OutOfRoom') await tryAgain(deps, check, error.message);
    else if (error.code === 'ObjectGone' && !isPlannedAnew(check)) await planAnew(deps, check);
    else throw error;
    return undefined;
  }
}

/** Whether a new plan was no other than the one before: then nothing replaced what is gone, and only time can help. */
const isPlannedAnew = ({ plan, stalePlan }: Check): boolean =>
  stalePlan !== undefined && plan?.uri === stalePlan.uri;

/**
 * An erasure, or the end of another version's check, may delete what a plan names between planning and reading: a plan made now names
 * what took its place. It is no failed try, so the check stays as small as it was.
 */
async function planAnew({ checks, dispatcher }: RunCheckDeps, check: Check): Promise<void> {
  const { engine: _engine, dispatchedAt: _dispatchedAt, plan, ...rest } = check;
  await checks.change(rest, { status: 'planned', stalePlan: plan });
  await dispatcher.wake(check.project, check.datasetVersion);
}
