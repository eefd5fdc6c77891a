import { findChanged, type JobEnvironment, runPlanOfJob } from '#shared/processing/program.ts';
import { checkPlan, type StoredOutcome } from '../domain/check-plan.ts';
import { objectsOf } from '../domain/plan-objects.ts';
import { runPlan } from '../engine/run-plan.ts';

/**
 * Does the check that a Processing job was asked for, below the folder that a container has as `/opt/ml`. An object that is not what the
 * manifest says makes the version unreadable, as in a function. Throws for a plan that is none, and where memory or disk did not do.
 */
export async function runProcessing(folderOfOptMl: string, environment: JobEnvironment): Promise<void> {
  const startedMs = performance.now();
  await runPlanOfJob(folderOfOptMl, environment, checkPlan, async (work): Promise<StoredOutcome> => {
    const { plan, jobName, memoryMb, keep } = work;
    const changed = await findChanged(objectsOf(plan), work.pathOf);
    const result: StoredOutcome['result'] =
      changed === undefined
        ? await runPlan(plan, work, keep)
        : { kind: 'unreadable', observed: changed, expected: 'objects as they were stored' };
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    console.log(
      `version ${plan.check.datasetVersion} of ${plan.check.project}: ${result.kind} in ${seconds} s`,
    );
    return { result, engine: { kind: 'processing_job', name: jobName, memoryMb, seconds } };
  });
}
