import { AppError } from '#shared/kernel/errors.ts';
import type { RetrievalDocuments, Retriever } from '../ports.ts';
import { type EndRetrievalDeps, endRetrieval, tryAgain } from './end-retrieval.ts';

export interface RunRetrievalDeps extends EndRetrievalDeps {
  readonly documents: RetrievalDocuments;
  readonly retriever: Retriever;
}

/** Retrieves here and publishes what came of it, unless that was done before. A function that is too small lets a bigger one go on. */
export async function runRetrieval(
  deps: RunRetrievalDeps,
  { project, retrievalId }: { project: string; retrievalId: string },
): Promise<void> {
  const retrieval = await deps.retrievals.find(project, retrievalId);
  if (!retrieval || retrieval.work === 'ended') return;
  const plan = await deps.documents.readPlan(retrieval.request);
  try {
    await endRetrieval(deps, retrieval, await deps.retriever.retrieve(plan));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'OutOfRoom') throw error;
    const now = await deps.retrievals.find(project, retrievalId);
    if (now && now.work !== 'ended') await tryAgain(deps, now, error.message);
  }
}
