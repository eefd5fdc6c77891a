import * as z from 'zod';
import { metricName } from './metric.ts';

/** Part `monitoring` of a project file: what is watched while a model serves. */
export const monitoring = z
  .strictObject({
    windowPredictions: z
      .int()
      .min(20)
      .max(1_000_000)
      .default(500)
      .describe('A window is judged when it holds this many predictions …'),
    windowMinutes: z.int().min(1).max(10_080).default(60).describe('… or when it is this old.'),
    minPredictions: z
      .int()
      .min(10)
      .default(50)
      .describe('With fewer predictions the verdict is InsufficientData.'),
    drift: z
      .strictObject({
        psiThreshold: z
          .number()
          .gt(0)
          .default(0.2)
          .describe(
            'A feature drifted when its PSI is above this and its test’s p-value below maxPValue. 0.2 is the usual bound.',
          ),
        maxPValue: z.number().gt(0).lt(1).default(0.01).describe('Of the KS or chi-squared test.'),
        minDriftedShare: z
          .number()
          .gt(0)
          .max(1)
          .default(0.2)
          .describe('Share of the features that must drift.'),
      })
      .prefault({})
      .describe('When features or predictions count as drifted.'),
    performance: z
      .strictObject({
        metric: metricName.describe('Metric from ground truth.'),
        min: z.number().optional().describe('Degraded below this.'),
        max: z.number().optional().describe('Degraded above this.'),
        minLabels: z.int().min(1).default(50).describe('With fewer labels the verdict is InsufficientData.'),
      })
      .optional()
      .describe('When the model counts as degraded; absent: it never does.'),
    retrainOn: z
      .array(z.enum(['drift', 'performance']))
      .default(['drift', 'performance'])
      .describe('What asks the governor for a retraining.'),
  })
  .prefault({})
  .describe('What is watched while a model serves.');
