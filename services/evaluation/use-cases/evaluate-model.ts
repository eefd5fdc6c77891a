import type * as z from 'zod';
import { EvaluationCompleted } from '#events/evaluation.ts';
import type { evaluationResult, evaluateModel as task } from '#services/evaluation/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { Evaluation, EvaluationStore } from '../ports.ts';
import { type JudgeModelDeps, judgeModel, resultOf } from './judge-model.ts';

export interface EvaluateModelDeps extends JudgeModelDeps {
  readonly store: EvaluationStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

type Input = z.output<typeof task.input>;
type Result = z.output<typeof evaluationResult>;

/**
 * Measures a model, and the champion on the same rows, judges the project's gates, writes the report and publishes
 * EvaluationCompleted. The same training again answers what was found before.
 * Throws PredictionsMismatch, InvalidLabels, InvalidPredictions, ContentChanged.
 */
export async function evaluateModel(
  deps: EvaluateModelDeps,
  input: Input,
  cause: EventMetadata,
): Promise<Result> {
  const known = await deps.store.readEvaluation(input.trainingId);
  if (known) return resultOf(known);
  const { project, trainingId, runId } = input;
  const { report: reported, ...judged } = await judgeModel(deps, input);
  const report = await deps.objects.writeReport(project, trainingId, {
    schemaVersion: 1,
    project,
    trainingId,
    runId,
    ...reported,
  });
  return save(deps, input, cause, { ...judged, report });
}

async function save(
  { store, clock, ids }: EvaluateModelDeps,
  input: Input,
  cause: EventMetadata,
  found: Omit<Evaluation, 'project' | 'trainingId' | 'runId' | 'evaluatedAt'>,
): Promise<Result> {
  const { project, trainingId, runId } = input;
  const now = clock.now();
  const evaluation: Evaluation = { ...found, project, trainingId, runId, evaluatedAt: now.toISOString() };
  const metadata = causedBy(cause, {
    eventId: ids.next(),
    occurredAt: now,
    actor: { type: 'service', id: 'evaluation' },
  });
  const { testRows: _inReport, ...told } = found;
  const event = EvaluationCompleted.create(metadata, {
    project,
    trainingId,
    runId,
    ...told,
    ...(input.champion ? { championVersion: input.champion.modelVersion } : {}),
  });
  try {
    await store.saveEvaluation(evaluation, [event]);
    return resultOf(evaluation);
  } catch (error) {
    const known = error instanceof AppError && error.code === 'EvaluationExists';
    const winner = known ? await store.readEvaluation(trainingId) : undefined;
    if (!winner) throw error;
    return resultOf(winner);
  }
}
