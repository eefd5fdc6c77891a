import * as z from 'zod';
import { gateResult } from '#events/evaluation.ts';
import { modelSignature } from '#events/registry.ts';
import { defineTask } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { metricValues, pathId, projectName, storedObject } from '#shared/contracts/parts.ts';

export const evaluationResult = z.object({
  verdict: z.enum(['Pass', 'Fail', 'InsufficientData']),
  metrics: metricValues,
  championMetrics: metricValues.optional(),
  gates: z.array(gateResult),
  report: storedObject,
});

/**
 * Measures the held-out predictions (one line per row; binary: probability of the positive class; multiclass: probabilities;
 * regression: value), the champion’s on the same rows, and judges the project’s gates. Publishes EvaluationCompleted.
 * Errors: PredictionsMismatch (other number of lines than labels).
 */
export const evaluateModel = defineTask({
  service: 'evaluation',
  name: 'evaluate-model',
  description: 'Metrics, champion comparison and gates.',
  input: z.object({
    project: projectName,
    projectRevision: z.int(),
    trainingId: z.string(),
    runId: z.string(),
    signature: modelSignature,
    labels: storedObject,
    predictions: storedObject,
    champion: z.object({ modelVersion: z.int(), predictions: storedObject }).optional(),
  }),
  output: evaluationResult,
});

/** As evaluate-model, of a version that a client registered. Publishes ModelVersionEvaluated. Errors: PredictionsMismatch. */
export const evaluateVersion = defineTask({
  service: 'evaluation',
  name: 'evaluate-version',
  description: "Metrics, champion comparison and gates of a client's version, before its release goes on.",
  input: z.object({
    project: projectName,
    projectRevision: z.int(),
    releaseId: z.string(),
    model: z.string(),
    modelVersion: z.int().min(1),
    trainingSetId: z.string(),
    datasetVersion: z.int().min(1),
    signature: modelSignature,
    labels: storedObject,
    predictions: storedObject,
    champion: z.object({ modelVersion: z.int(), predictions: storedObject }).optional(),
  }),
  output: evaluationResult,
});

export const readVersionEvaluation = defineEndpoint({
  service: 'evaluation',
  operationId: 'readVersionEvaluation',
  summary: 'The newest evaluation of a version that a client registered.',
  method: 'GET',
  path: '/v1/projects/{project}/model-versions/{modelVersion}/evaluation',
  role: 'viewer',
  params: z.object({ project: projectName, modelVersion: z.coerce.number().int().min(1) }),
  query: z.object({}),
  body: z.undefined(),
  response: evaluationResult.extend({
    modelVersion: z.int(),
    releaseId: z.string(),
    trainingSetId: z.string(),
    datasetVersion: z.int(),
    championVersion: z.int().optional(),
    testRows: z.int(),
    evaluatedAt: z.string(),
  }),
});

export const readEvaluation = defineEndpoint({
  service: 'evaluation',
  operationId: 'readEvaluation',
  summary: 'The evaluation of a training.',
  method: 'GET',
  path: '/v1/projects/{project}/trainings/{trainingId}/evaluation',
  role: 'viewer',
  params: z.object({ project: projectName, trainingId: pathId }),
  query: z.object({}),
  body: z.undefined(),
  response: evaluationResult.extend({
    trainingId: z.string(),
    runId: z.string(),
    testRows: z.int(),
    evaluatedAt: z.string(),
  }),
});

export const endpoints = [readEvaluation, readVersionEvaluation];

/** How the platform measures predictions and reads them as transform jobs write them: monitoring measures live ones in the same way. */
export { parsePredictions } from './domain/held-out.ts';
export { measure } from './domain/measure.ts';
