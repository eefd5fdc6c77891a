import type * as z from 'zod';
import { ModelVersionEvaluated } from '#events/evaluation.ts';
import type { evaluationResult, evaluateVersion as task } from '#services/evaluation/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { VersionEvaluation, VersionEvaluationStore } from '../ports.ts';
import { type JudgeModelDeps, judgeModel, resultOf } from './judge-model.ts';

export interface EvaluateVersionDeps extends JudgeModelDeps {
  readonly store: VersionEvaluationStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

type Input = z.output<typeof task.input>;

/**
 * Measures a version that a client registered as trainings are measured, and publishes ModelVersionEvaluated. The same release again
 * answers what was found before. Throws PredictionsMismatch, InvalidLabels, InvalidPredictions, ContentChanged.
 */
export async function evaluateVersion(
  deps: EvaluateVersionDeps,
  input: Input,
  cause: EventMetadata,
): Promise<z.output<typeof evaluationResult>> {
  const { project, model, modelVersion, releaseId, trainingSetId, datasetVersion, champion } = input;
  const known = await deps.store.readVersionEvaluation(project, modelVersion, releaseId);
  if (known) return resultOf(known);
  const { report: reported, testRows, ...judged } = await judgeModel(deps, input);
  const of = {
    project,
    modelVersion,
    releaseId,
    trainingSetId,
    datasetVersion,
    ...(champion ? { championVersion: champion.modelVersion } : {}),
  };
  const report = await deps.objects.writeReport(project, releaseId, {
    schemaVersion: 1,
    model,
    ...of,
    ...reported,
  });
  const now = deps.clock.now();
  const evaluation: VersionEvaluation = {
    ...of,
    ...judged,
    report,
    testRows,
    evaluatedAt: now.toISOString(),
  };
  const metadata = causedBy(cause, {
    eventId: deps.ids.next(),
    occurredAt: now,
    actor: { type: 'service', id: 'evaluation' },
  });
  const event = ModelVersionEvaluated.create(metadata, { ...of, ...judged, model, report });
  try {
    await deps.store.saveVersionEvaluation(evaluation, [event]);
    return resultOf(evaluation);
  } catch (error) {
    const raced = error instanceof AppError && error.code === 'EvaluationExists';
    const winner = raced
      ? await deps.store.readVersionEvaluation(project, modelVersion, releaseId)
      : undefined;
    if (!winner) throw error;
    return resultOf(winner);
  }
}

/** The newest evaluation of a client's version. Throws EvaluationNotFound. */
export async function readVersionEvaluation(
  store: VersionEvaluationStore,
  { project, modelVersion }: { readonly project: string; readonly modelVersion: number },
): Promise<VersionEvaluation> {
  const evaluation = await store.newestVersionEvaluation(project, modelVersion);
  if (evaluation) return evaluation;
  throw new AppError(
    'not_found',
    'EvaluationNotFound',
    `No release evaluated version ${modelVersion} of '${project}'. What a training registered has the evaluation of its training; what a client registered is evaluated in its release.`,
  );
}
