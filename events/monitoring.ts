import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName } from '#shared/contracts/parts.ts';

/** A span of captured predictions that was judged. */
export const monitoringWindow = z.object({
  windowId: z.string(),
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  predictions: z.int().min(0),
});

export const driftScore = z.object({
  /** Feature name, or `prediction`. */
  subject: z.string(),
  /** Population stability index over the reference’s bins. */
  psi: z.number(),
  test: z.enum(['kolmogorov_smirnov', 'chi_squared']),
  statistic: z.number(),
  pValue: z.number(),
  drifted: z.boolean(),
});

const subject = {
  project: projectName,
  model: z.string(),
  modelVersion: z.int().min(1),
  window: monitoringWindow,
};

export const DriftEvaluated = defineEvent({
  service: 'monitoring',
  name: 'DriftEvaluated',
  version: 1,
  description: 'A window was compared with the reference.',
  data: z.object({
    ...subject,
    verdict: z.enum(['Stable', 'Drift', 'InsufficientData']),
    worst: z.array(driftScore).max(10),
  }),
});

export const DriftDetected = defineEvent({
  service: 'monitoring',
  name: 'DriftDetected',
  version: 1,
  description:
    'Features or predictions moved away from the reference by more than the project allows. Published once per model version until a window is stable again.',
  data: z.object({
    ...subject,
    kind: z.enum(['data', 'prediction']),
    scores: z.array(driftScore).min(1).max(50),
  }),
});

export const PerformanceMeasured = defineEvent({
  service: 'monitoring',
  name: 'PerformanceMeasured',
  version: 1,
  description:
    'Ground truth was joined to predictions by inference id and the model’s metrics were computed.',
  data: z.object({
    ...subject,
    verdict: z.enum(['Good', 'Degraded', 'InsufficientData']),
    metrics: z.record(z.string(), z.number()),
    labelled: z.int().min(0),
    /** Share of the window’s predictions that have a label. */
    coverage: z.number().min(0).max(1),
  }),
});
