import type * as z from 'zod';
import { EvaluationCompleted } from '#events/evaluation.ts';
import type { evaluationResult, evaluateModel as task } from '#services/evaluation/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { judgeGates } from '../domain/gates.ts';
import {
  assertClassIndices,
  assertPredictionsFit,
  parseLabels,
  parsePredictions,
} from '../domain/held-out.ts';
import { type Measurement, measure } from '../domain/measure.ts';
import type { Evaluation, EvaluationStore, HeldOutObjects, Projects } from '../ports.ts';

export interface EvaluateModelDeps {
  readonly store: EvaluationStore;
  readonly objects: HeldOutObjects;
  readonly projects: Projects;
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
  const [rules, measured] = await Promise.all([
    deps.projects.gates(input.project, input.projectRevision),
    measureAll(deps, input),
  ]);
  const { labels, own, champion } = measured;
  const { verdict, gates } = judgeGates(rules, {
    testRows: labels.length,
    metrics: own.metrics,
    ...(champion ? { championMetrics: champion.metrics } : {}),
  });
  const found = {
    verdict,
    metrics: own.metrics,
    ...(champion ? { championMetrics: champion.metrics } : {}),
    gates,
  };
  const report = await deps.objects.writeReport(input.project, input.trainingId, {
    schemaVersion: 1,
    project: input.project,
    trainingId: input.trainingId,
    runId: input.runId,
    task: input.signature.task,
    classes: input.signature.classes,
    testRows: labels.length,
    ...(input.champion ? { championVersion: input.champion.modelVersion } : {}),
    ...found,
    confusionMatrix: own.confusionMatrix,
    championConfusionMatrix: champion?.confusionMatrix,
  });
  return save(deps, input, cause, { ...found, report, testRows: labels.length });
}

async function measureAll(
  { objects }: EvaluateModelDeps,
  { signature, labels: labelObject, predictions, champion }: Input,
): Promise<{ labels: number[]; own: Measurement; champion?: Measurement }> {
  const [labelText, ownText, championText] = await Promise.all([
    objects.readText(labelObject),
    objects.readText(predictions),
    champion && objects.readText(champion.predictions),
  ]);
  const labels = parseLabels(labelText);
  const { task, classes } = signature;
  if (task !== 'regression') assertClassIndices(labels, classes.length);
  const width = task === 'multiclass_classification' ? classes.length : 1;
  const measured = (text: string, whose: string) => {
    const rows = parsePredictions(text);
    assertPredictionsFit(labels, rows, width, whose);
    return measure(task, labels, rows);
  };
  return {
    labels,
    own: measured(ownText, 'challenger'),
    ...(championText === undefined ? {} : { champion: measured(championText, 'champion') }),
  };
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

function resultOf({ verdict, metrics, championMetrics, gates, report }: Evaluation): Result {
  return { verdict, metrics, ...(championMetrics ? { championMetrics } : {}), gates, report };
}
