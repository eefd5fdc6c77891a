import * as z from 'zod';
import { metricName } from './metric.ts';

/**
 * SageMaker takes 100 hyperparameters a job, each a line of at most 2,500 characters (CreateTrainingJob); training adds up to five of
 * its own: num_round, eval_metric, objective, num_class and seed.
 */
const maxHyperparameters = 95;

/** Part `training` of a project file: how a model is made. */
export const training = z.strictObject({
  algorithm: z.literal('xgboost').default('xgboost').describe('SageMaker’s XGBoost 3.0-5.'),
  hyperparameters: z
    .record(
      z.string().max(256),
      z.union([z.string().max(2500).regex(/^.*$/, 'must be one line'), z.number(), z.boolean()]),
    )
    .refine((given) => Object.keys(given).length <= maxHyperparameters, {
      message: `at most ${maxHyperparameters} hyperparameters can be set`,
    })
    .default({})
    .describe('As the algorithm names them, e.g. max_depth. The objective follows from the target’s task.'),
  featureService: z
    .string()
    .max(63)
    .optional()
    .describe('Feature service whose features the model sees besides the columns of the data.'),
  resources: z
    .strictObject({
      instanceType: z
        .string()
        .regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be a SageMaker instance type such as ml.m5.large')
        .default('ml.m5.large')
        .describe('SageMaker instance type of training and batch transform jobs.'),
      instanceCount: z.int().min(1).max(20).default(1).describe('Instances of a training job.'),
      volumeSizeGb: z.int().min(1).max(16_384).default(10).describe('Disk of each instance, in GB.'),
    })
    .prefault({})
    .describe('What a training job runs on.'),
  spot: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Train on spot capacity.'),
      maxWaitSeconds: z
        .int()
        .min(60)
        .max(2_592_000)
        .default(7200)
        .describe('How long a spot training may take with waiting for capacity.'),
    })
    .prefault({})
    .describe('Managed spot training.'),
  limits: z
    .strictObject({
      maxRuntimeSeconds: z
        .int()
        .min(60)
        .max(2_419_200)
        .default(3600)
        .describe('SageMaker stops a training job after so long.'),
      cooldownSeconds: z
        .int()
        .min(0)
        .max(2_592_000)
        .default(0)
        .describe(
          'After a training ended, drift and new data ask in vain for so long. Manual requests are not held back.',
        ),
      maxTrainingsPerDay: z.int().min(1).max(1000).default(24).describe('Trainings begun per day (UTC).'),
    })
    .prefault({})
    .describe('What the governor holds trainings to.'),
  onNewData: z
    .enum(['always', 'first', 'never'])
    .default('always')
    .describe(
      'When new validated data starts a training: every time, only while there is no champion, or never.',
    ),
});

const gate = z
  .strictObject({
    metric: metricName.describe('Metric on the held-out rows.'),
    min: z.number().optional().describe('Least value that passes.'),
    max: z.number().optional().describe('Greatest value that passes.'),
  })
  .refine((rule) => (rule.min === undefined) !== (rule.max === undefined), {
    message: 'a gate needs min or max, not both',
  });

/** Part `gates`: what a model must reach to be released. */
export const gates = z
  .strictObject({
    thresholds: z.array(gate).max(20).default([]).describe('Each needs min or max.'),
    champion: z
      .strictObject({
        metric: metricName.describe('Metric to compare by.'),
        tolerance: z
          .number()
          .min(0)
          .default(0)
          .describe('How much worse the challenger may be, in the metric’s unit.'),
      })
      .optional()
      .describe('Compares the challenger with the champion on the same rows.'),
    minTestRows: z
      .int()
      .min(1)
      .default(30)
      .describe('With fewer held-out rows every gate answers InsufficientData.'),
  })
  .prefault({})
  .describe('What a model must reach to be released.');
