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
