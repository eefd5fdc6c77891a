import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName, storedObject } from '#shared/contracts/parts.ts';

export const PredictionBatchCaptured = defineEvent({
  service: 'predictions',
  name: 'PredictionBatchCaptured',
  version: 1,
  description:
    'Predictions of one model version were written to S3 as JSON lines (predictions/contract.ts: capturedPrediction).',
  data: z.object({
    project: projectName,
    model: z.string(),
    modelVersion: z.int().min(1),
    count: z.int().min(1),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    capture: storedObject,
  }),
});

export const GroundTruthReceived = defineEvent({
  service: 'predictions',
  name: 'GroundTruthReceived',
  version: 1,
  description:
    'Labels for earlier predictions were written to S3 as JSON lines (predictions/contract.ts: groundTruthLabel).',
  data: z.object({ project: projectName, count: z.int().min(1), labels: storedObject }),
});

export const CapturesErased = defineEvent({
  service: 'predictions',
  name: 'CapturesErased',
  version: 1,
  description: 'Captured predictions of entities are gone, as a FeatureErasureRequested asked.',
  data: z.object({
    project: projectName,
    erasureId: z.string(),
    predictionsErased: z.int().min(0),
    filesRewritten: z.int().min(0),
    /** JSON document (predictions/contract.ts: rewrittenCaptures). */
    rewritten: storedObject,
  }),
});
