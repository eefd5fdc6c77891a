import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import {
  columnSchema,
  learningTask,
  metricValues,
  projectName,
  storedObject,
} from '#shared/contracts/parts.ts';

/** What a model takes and gives: the order of `inputs` is the order of columns that the artifact expects. */
export const modelSignature = z.object({
  task: learningTask,
  inputs: z.array(columnSchema),
  target: z.string(),
  /** Class labels in the order of the probabilities, as text; for binary the second is the positive class. Empty for regression. */
  classes: z.array(z.string()),
});
export type ModelSignature = z.infer<typeof modelSignature>;

/** All that is needed to make the same bytes again. */
export const trainingRecipe = z.object({
  datasetVersion: z.int().min(1),
  datasetSha256: z.string(),
  trainingSetId: z.string(),
  trainingSetSha256: z.string(),
  projectRevision: z.int().min(1),
  /** Version of the platform’s code that built it. */
  codeVersion: z.string(),
  /** By digest: `<registry>/<repository>@sha256:…`. */
  trainingImage: z.string(),
  seed: z.int(),
  hyperparameters: z.record(z.string(), z.string()),
});

export const ModelVersionRegistered = defineEvent({
  service: 'registry',
  name: 'ModelVersionRegistered',
  version: 1,
  description: 'A model version was registered; its release begins.',
  data: z.object({
    project: projectName,
    model: z.string(),
    modelVersion: z.int().min(1),
    runId: z.string(),
    trainingId: z.string(),
    artifact: storedObject,
    trainingImage: z.string(),
    signature: modelSignature,
    metrics: metricValues,
    evaluation: z.object({
      verdict: z.enum(['Pass', 'Fail', 'InsufficientData']),
      report: storedObject,
      championVersion: z.int().min(1).optional(),
    }),
    /** What monitoring compares with: training features and held-out predictions, CSV. */
    reference: z.object({ features: storedObject, predictions: storedObject }),
    recipe: trainingRecipe,
    projectRevision: z.int().min(1),
    /** Who caused the training: may not approve where the project says so. */
    requestedBy: z.string(),
  }),
});

export const ModelAliasMoved = defineEvent({
  service: 'registry',
  name: 'ModelAliasMoved',
  version: 1,
  description: 'An alias (`champion`, `challenger`, …) points to another version than before.',
  data: z.object({
    project: projectName,
    model: z.string(),
    alias: z.string(),
    fromVersion: z.int().min(1).optional(),
    toVersion: z.int().min(1).optional(),
    reason: z.string(),
  }),
});
