import { AppError } from '#shared/kernel/errors.ts';
import type { Evaluation, EvaluationStore } from '../ports.ts';

/** The evaluation of a training. Throws EvaluationNotFound, also for a training of another project. */
export async function readEvaluation(
  store: EvaluationStore,
  { project, trainingId }: { readonly project: string; readonly trainingId: string },
): Promise<Evaluation> {
  const evaluation = await store.readEvaluation(trainingId);
  if (evaluation?.project === project) return evaluation;
  throw new AppError(
    'not_found',
    'EvaluationNotFound',
    `Training '${trainingId}' of project '${project}' has no evaluation. It failed before, is under way, or is none of this project’s trainings.`,
  );
}
