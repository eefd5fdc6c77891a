import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { metricValues, projectName, storedObject } from '#shared/contracts/parts.ts';

export const trainingTrigger = z.enum(['Data', 'Drift', 'Performance', 'Schedule', 'Manual']);
export const suppressionRule = z.enum([
  'InFlight',
  'Cooldown',
  'Budget',
  'Policy',
  'NoNewData',
  'NoValidatedData',
]);

export const TrainingRequested = defineEvent({
  service: 'training',
  name: 'TrainingRequested',
  version: 1,
  description: 'The governor let a training begin. One is in flight per project.',
  data: z.object({
    project: projectName,
    /** Also the name of the training execution. */
    trainingId: z.string(),
    trigger: trainingTrigger,
    reasons: z.array(z.string()),
    datasetVersion: z.int().min(1),
    projectRevision: z.int().min(1),
  }),
});

export const TrainingSuppressed = defineEvent({
  service: 'training',
  name: 'TrainingSuppressed',
  version: 1,
  description:
    'The governor did not let a training begin, and why. InFlight requests are kept and asked again when the flight ends.',
  data: z.object({
    project: projectName,
    trigger: trainingTrigger,
    rule: suppressionRule,
    message: z.string(),
    datasetVersion: z.int().min(1).optional(),
  }),
});

export const TrainingStarted = defineEvent({
  service: 'training',
  name: 'TrainingStarted',
  version: 1,
  description: 'SageMaker accepted the training job.',
  data: z.object({ project: projectName, trainingId: z.string(), runId: z.string(), jobName: z.string() }),
});

export const TrainingCompleted = defineEvent({
  service: 'training',
  name: 'TrainingCompleted',
  version: 1,
  description: 'A training produced and registered a model version.',
  data: z.object({
    project: projectName,
    trainingId: z.string(),
    runId: z.string(),
    jobName: z.string(),
    artifact: storedObject,
    model: z.string(),
    modelVersion: z.int().min(1),
    metrics: metricValues,
    billableSeconds: z.number().min(0),
  }),
});

export const TrainingFailed = defineEvent({
  service: 'training',
  name: 'TrainingFailed',
  version: 1,
  description: 'A training ended without a model version.',
  data: z.object({
    project: projectName,
    trainingId: z.string(),
    step: z.string(),
    error: z.string(),
    cause: z.string(),
  }),
});
