import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sagemakerName } from '#shared/kernel/names.ts';
import { chooseEngine, jobResources } from '#shared/kernel/work-size.ts';
import type { RetrievalPlan } from '../domain/retrieval-plan.ts';
import { retrievalFunctions, retrievalNeeds } from '../domain/retrieval-size.ts';
import type { RetrievalDocuments, RetrievalJobs, RetrievalRecord, ViewFiles } from '../ports.ts';
import { type EndRetrievalDeps, endRetrieval } from './end-retrieval.ts';

export interface AdvanceRetrievalDeps extends EndRetrievalDeps {
  readonly documents: RetrievalDocuments;
  readonly jobs: RetrievalJobs;
  readonly viewFiles: Pick<ViewFiles, 'list'>;
  readonly stage: string;
  readonly functionMaxBytes: number;
}

/**
 * Sets the smallest function that does, or a Processing job, to a retrieval that nothing works on. Called again after it died anywhere, it
 * does what is missing.
 */
export async function advanceRetrieval(
  deps: AdvanceRetrievalDeps,
  { project, retrievalId }: { project: string; retrievalId: string },
): Promise<void> {
  const found = await deps.retrievals.find(project, retrievalId);
  if (found?.work !== 'planned') return;
  const { retrieval, plan } = await withFreshPlan(deps, found);
  const needs = retrievalNeeds(plan);
  const name = chooseEngine(retrievalFunctions, needs, deps, retrieval.attempts);
  if (name !== 'processing-job') {
    await deps.dispatcher.invoke(name, retrieval);
    await markRunning(deps, retrieval, { name });
    return;
  }
  if (deps.jobs.imageUri === undefined) {
    const failure = `It reads about ${Math.round(needs.textBytes / 1_000_000)} MB of text, which no function does in time, and the stage has no image for SageMaker Processing jobs: npm run image builds it, processingImage in cdk.json names it (docs/guide/stages.md). Or ask for fewer views or rows.`;
    await endRetrieval(deps, retrieval, { kind: 'refused', failure });
    return;
  }
  await startJob(deps, retrieval, plan);
}

/** With where rows are now, where a plan named what is gone. */
async function withFreshPlan(
  deps: AdvanceRetrievalDeps,
  retrieval: RetrievalRecord,
): Promise<{ retrieval: RetrievalRecord; plan: RetrievalPlan }> {
  const plan = await deps.documents.readPlan(retrieval.request);
  if (retrieval.staleRequest?.sha256 !== retrieval.request.sha256) return { retrieval, plan };
  const views = await Promise.all(
    plan.views.map(async (view) => {
      const { objects, ...about } = await deps.viewFiles.list(view.definition, plan.asOf);
      return { ...view, found: { objects: [...objects], ...about } };
    }),
  );
  const fresh = { ...plan, views };
  const request = await deps.documents.writePlan(fresh);
  return { retrieval: await deps.retrievals.change(retrieval, { request }), plan: fresh };
}

async function startJob(deps: AdvanceRetrievalDeps, retrieval: RetrievalRecord, plan: RetrievalPlan) {
  const jobName = jobNameOf(deps.stage, retrieval);
  await deps.retrievals.saveJob(jobName, retrieval);
  const objects = await deps.documents.writeInputManifests(plan);
  const resources = jobResources(retrievalNeeds(plan), retrieval.attempts);
  try {
    await deps.jobs.create({ jobName, retrieval, resources, objects });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ProcessingJobRejected') throw error;
    await endRetrieval(deps, retrieval, { kind: 'refused', failure: error.message });
    return;
  }
  await markRunning(deps, retrieval, { name: 'processing-job', jobName });
}

/** What was set to work may have ended before this is said: then there is nothing to say. */
async function markRunning(
  { retrievals, clock }: AdvanceRetrievalDeps,
  retrieval: RetrievalRecord,
  engine: NonNullable<RetrievalRecord['engine']>,
): Promise<void> {
  try {
    const dispatchedAt = clock.now().toISOString();
    await retrievals.change(retrieval, { work: 'running', engine, dispatchedAt });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'RetrievalChanged') throw error;
  }
}

/** The name follows from the retrieval, its plan and the attempt: a repeated step buys no second job. */
const jobNameOf = (stage: string, { retrievalId, project, attempts, request }: RetrievalRecord): string =>
  sagemakerName(
    stage,
    project,
    `retrieve-${sha256Hex([project, retrievalId, attempts, request.sha256].join('\n')).slice(0, 20)}`,
  );
