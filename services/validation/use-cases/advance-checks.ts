import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sagemakerName } from '#shared/kernel/names.ts';
import { chooseEngine, jobResources } from '#shared/kernel/work-size.ts';
import { currentCheck } from '../domain/check.ts';
import type { CheckPlan } from '../domain/check-plan.ts';
import { checkFunctions } from '../domain/sizing.ts';
import type { Check, CheckStore, Copies, Dispatcher, ProcessingJobs } from '../ports.ts';
import { cleanCopies } from './clean-copies.ts';
import { type CompleteCheckDeps, completeCheck, unreadable } from './complete-check.ts';
import { type PlanCheckDeps, planCheck } from './plan-check.ts';

export interface AdvanceChecksDeps extends PlanCheckDeps, CompleteCheckDeps {
  readonly checks: CheckStore;
  readonly dispatcher: Dispatcher;
  readonly jobs: ProcessingJobs;
  readonly copies: Copies;
  readonly clock: Clock;
  readonly stage: string;
  readonly functionMaxBytes: number;
}

/**
 * Lets the checks of a version go on, one at a time: plans the next and sets a function or a job to it, or ends one whose outcome
 * is published. Called again after it died anywhere, it does what is missing.
 */
export async function advanceChecks(
  deps: AdvanceChecksDeps,
  { project, datasetVersion }: { project: string; datasetVersion: number },
): Promise<void> {
  for (;;) {
    const check = currentCheck(await deps.checks.list(project, datasetVersion));
    if (!check || check.status === 'running') return;
    const isOver = check.status === 'cleaning' ? await clean(deps, check) : await setToWork(deps, check);
    if (!isOver) return;
  }
}

async function clean(deps: AdvanceChecksDeps, check: Check): Promise<true> {
  await cleanCopies(deps, check);
  await deps.checks.remove(check);
  return true;
}

/** Whether the check is over already: there was nothing that could do it. */
async function setToWork(deps: AdvanceChecksDeps, check: Check): Promise<boolean> {
  const { planned, plan } = await withPlan(deps, check);
  const name = chooseEngine(checkFunctions, plan.needs, deps, planned.attempts);
  if (name !== 'processing-job') {
    await deps.dispatcher.invoke(name, planned);
    await markRunning(deps, planned, { name });
    return false;
  }
  if (deps.jobs.imageUri === undefined) {
    const outcome = unreadable(
      `about ${Math.round(plan.needs.textBytes / 1_000_000)} MB of text, which no function checks in time`,
      'a stage with an image for SageMaker Processing jobs: npm run image builds it, processingImage in cdk.json names it (docs/guide/stages.md); or upload smaller parts with data.uploads: replace',
    );
    await completeCheck(deps, planned, plan, outcome);
    return true;
  }
  return startJob(deps, planned, plan);
}

async function startJob(deps: AdvanceChecksDeps, check: PlannedCheck, plan: CheckPlan): Promise<boolean> {
  const jobName = jobNameOf(deps.stage, check);
  await deps.checks.saveJob(jobName, check);
  const objects = await deps.documents.writeInputManifests(plan);
  try {
    const resources = jobResources(plan.needs, check.attempts);
    await deps.jobs.create({ jobName, check, resources, objects });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ProcessingJobRejected') throw error;
    await completeCheck(
      deps,
      check,
      plan,
      unreadable(error.message, 'a Processing job that SageMaker takes'),
    );
    return true;
  }
  await markRunning(deps, check, { name: 'processing-job', jobName });
  return false;
}

type PlannedCheck = Check & { readonly plan: StoredObject };

/** The check with its plan; one that was planned before keeps its plan. */
async function withPlan(
  deps: AdvanceChecksDeps,
  check: Check,
): Promise<{ planned: PlannedCheck; plan: CheckPlan }> {
  const { plan: known } = check;
  if (known) return { planned: { ...check, plan: known }, plan: await deps.documents.readPlan(known) };
  const plan = await planCheck(deps, check);
  const stored = await deps.documents.writePlan(plan);
  return { planned: { ...(await deps.checks.change(check, { plan: stored })), plan: stored }, plan };
}

/** What was set to work may have ended before this is said: then there is nothing to say. */
async function markRunning(
  { checks, clock }: AdvanceChecksDeps,
  check: Check,
  engine: NonNullable<Check['engine']>,
): Promise<void> {
  try {
    const dispatchedAt = clock.now().toISOString();
    await checks.change(check, { status: 'running', engine, dispatchedAt });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'CheckChanged') throw error;
  }
}

/** The name follows from the check and the attempt: a repeated step buys no second job. */
export const jobNameOf = (stage: string, { checkId, project, datasetVersion, attempts }: Check): string =>
  sagemakerName(
    stage,
    project,
    `check-${sha256Hex([project, datasetVersion, checkId, attempts].join('\n')).slice(0, 20)}`,
  );
