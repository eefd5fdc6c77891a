import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { metricValues, projectName, storedObject } from '#shared/contracts/parts.ts';

/** One condition that a model version must meet. `baseline` is the champion’s value where the gate compares. */
export const gateResult = z.object({
  gate: z.string(),
  verdict: z.enum(['Pass', 'Fail', 'InsufficientData']),
  metric: z.string(),
  observed: z.number().nullable(),
  threshold: z.number(),
  baseline: z.number().optional(),
  message: z.string(),
});

export const EvaluationCompleted = defineEvent({
  service: 'evaluation',
  name: 'EvaluationCompleted',
  version: 1,
  description: 'A trained model was measured on the held-out part and compared with the champion.',
  data: z.object({
    project: projectName,
    trainingId: z.string(),
    runId: z.string(),
    verdict: z.enum(['Pass', 'Fail', 'InsufficientData']),
    metrics: metricValues,
    championMetrics: metricValues.optional(),
    championVersion: z.int().min(1).optional(),
    gates: z.array(gateResult),
    report: storedObject,
  }),
});

export const ModelVersionEvaluated = defineEvent({
  service: 'evaluation',
  name: 'ModelVersionEvaluated',
  version: 1,
  description:
    'A version that a client registered was measured on held-out rows of the project, before people decide on its release.',
  data: z.object({
    project: projectName,
    model: z.string(),
    modelVersion: z.int().min(1),
    releaseId: z.string(),
    /** Whose held-out rows were predicted. */
    trainingSetId: z.string(),
    datasetVersion: z.int().min(1),
    verdict: z.enum(['Pass', 'Fail', 'InsufficientData']),
    metrics: metricValues,
    championMetrics: metricValues.optional(),
    championVersion: z.int().min(1).optional(),
    gates: z.array(gateResult),
    report: storedObject,
  }),
});
