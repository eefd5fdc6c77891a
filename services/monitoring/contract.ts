import * as z from 'zod';
import { driftScore, monitoringWindow } from '#events/monitoring.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { metricValues, projectName } from '#shared/contracts/parts.ts';

/** Counts per bin for a picture: `edges` has one more entry than counts for numbers; `categories` names the bins otherwise. */
export const histogram = z.object({
  edges: z.array(z.number()).optional(),
  categories: z.array(z.string()).optional(),
  reference: z.array(z.number()),
  window: z.array(z.number()),
});

export const driftEvaluation = z.object({
  model: z.string(),
  modelVersion: z.int(),
  window: monitoringWindow,
  verdict: z.enum(['Stable', 'Drift', 'InsufficientData']),
  evaluatedAt: z.iso.datetime(),
  scores: z.array(driftScore),
  histograms: z.record(z.string(), histogram),
});

export const performanceMeasurement = z.object({
  model: z.string(),
  modelVersion: z.int(),
  window: monitoringWindow,
  verdict: z.enum(['Good', 'Degraded', 'InsufficientData']),
  metrics: metricValues,
  labelled: z.int(),
  coverage: z.number(),
  measuredAt: z.iso.datetime(),
});

const projectParams = z.object({ project: projectName });

export const readDrift = defineEndpoint({
  service: 'monitoring',
  operationId: 'readDrift',
  summary: 'The newest drift evaluations, newest first, and the window that is filling.',
  method: 'GET',
  path: '/v1/projects/{project}/drift',
  role: 'viewer',
  params: projectParams,
  query: z.object({ limit: z.coerce.number().int().min(1).max(50).default(10) }),
  body: z.undefined(),
  response: z.object({
    evaluations: z.array(driftEvaluation),
    openWindow: z.object({ modelVersion: z.int(), predictions: z.int(), startedAt: z.string() }).optional(),
  }),
});

export const evaluateDriftNow = defineEndpoint({
  service: 'monitoring',
  operationId: 'evaluateDriftNow',
  summary: 'Closes the open window and judges it at once.',
  method: 'POST',
  path: '/v1/projects/{project}/drift/evaluations',
  role: 'scientist',
  params: projectParams,
  query: z.object({}),
  body: z.undefined(),
  response: z.object({ evaluations: z.array(driftEvaluation) }),
});

export const readPerformance = defineEndpoint({
  service: 'monitoring',
  operationId: 'readPerformance',
  summary: 'Metrics from ground truth per window, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/performance',
  role: 'viewer',
  params: projectParams,
  query: z.object({ limit: z.coerce.number().int().min(1).max(50).default(10) }),
  body: z.undefined(),
  response: z.object({ measurements: z.array(performanceMeasurement) }),
});

export const endpoints = [readDrift, evaluateDriftNow, readPerformance];

/** In the namespace `Millrace`, with the dimensions `service` (monitoring), `Project` and `ModelVersion`: PSI of the open window’s predictions against the version’s reference, written from 50 predictions on. */
export const predictionPsiMetric = { service: 'monitoring', name: 'PredictionPsi' } as const;
