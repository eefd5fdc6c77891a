import type * as z from 'zod';
import type { ModelSignature } from '#events/registry.ts';
import type { evaluationResult } from '#services/evaluation/contract.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { judgeGates } from '../domain/gates.ts';
import {
  assertClassIndices,
  assertPredictionsFit,
  parseLabels,
  parsePredictions,
} from '../domain/held-out.ts';
import { type Measurement, measure } from '../domain/measure.ts';
import type { HeldOutObjects, Projects } from '../ports.ts';

export interface JudgeModelDeps {
  readonly objects: HeldOutObjects;
  readonly projects: Projects;
}

type Result = z.output<typeof evaluationResult>;

/** What a model and the champion predicted for the same held-out rows. */
export interface Candidates {
  readonly project: string;
  readonly projectRevision: number;
  readonly signature: ModelSignature;
  readonly labels: StoredObject;
  readonly predictions: StoredObject;
  readonly champion?: { readonly modelVersion: number; readonly predictions: StoredObject } | undefined;
}

/**
 * Measures a model, and the champion on the same rows, and judges the project's gates. `report` is what a report says of it.
 * Throws PredictionsMismatch, InvalidLabels, InvalidPredictions, ContentChanged.
 */
export async function judgeModel(
  deps: JudgeModelDeps,
  input: Candidates,
): Promise<Omit<Result, 'report'> & { readonly testRows: number; readonly report: object }> {
  const [rules, measured] = await Promise.all([
    deps.projects.gates(input.project, input.projectRevision),
    measureAll(deps, input),
  ]);
  const { labels, own, champion } = measured;
  const metrics = {
    metrics: own.metrics,
    ...(champion ? { championMetrics: champion.metrics } : {}),
  };
  const testRows = labels.length;
  const { verdict, gates } = judgeGates(rules, { testRows, ...metrics });
  const found = { verdict, ...metrics, gates };
  const report = {
    task: input.signature.task,
    classes: input.signature.classes,
    testRows,
    ...(input.champion ? { championVersion: input.champion.modelVersion } : {}),
    ...found,
    confusionMatrix: own.confusionMatrix,
    championConfusionMatrix: champion?.confusionMatrix,
  };
  return { ...found, testRows, report };
}

async function measureAll(
  { objects }: JudgeModelDeps,
  { signature, labels: labelObject, predictions, champion }: Candidates,
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

/** What a machine goes on with. */
export function resultOf({ verdict, metrics, championMetrics, gates, report }: Result): Result {
  return { verdict, metrics, ...(championMetrics ? { championMetrics } : {}), gates, report };
}
