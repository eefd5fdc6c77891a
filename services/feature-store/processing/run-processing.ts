import { findChanged, type JobEnvironment, runPlanOfJob } from '#shared/processing/program.ts';
import { objectsOfPlan, type RetrievalOutcome, retrievalPlan } from '../domain/retrieval-plan.ts';
import { runRetrievalPlan } from '../engine/run-retrieval-plan.ts';

/**
 * Retrieves what a Processing job was asked for, below the folder that a container has as `/opt/ml`. Throws for a plan that is none, and
 * where memory or disk did not do.
 */
export async function runProcessing(folderOfOptMl: string, environment: JobEnvironment): Promise<void> {
  await runPlanOfJob(folderOfOptMl, environment, retrievalPlan, async (work): Promise<RetrievalOutcome> => {
    const changed = await findChanged(objectsOfPlan(work.plan), work.pathOf);
    if (changed !== undefined) return { kind: 'changed', failure: changed };
    const outcome = await runRetrievalPlan(work.plan, work);
    console.log(`retrieval ${work.plan.retrievalId} of ${work.plan.project}: ${outcome.kind}`);
    return outcome;
  });
}
