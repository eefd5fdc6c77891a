import * as z from 'zod';
import { trainingSet } from '#services/feature-store/contract.ts';
import { defineQuery, defineTask } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { metricValues, pageToken, projectName, storedObject } from '#shared/contracts/parts.ts';

/** The image that trains and serves models, pinned to the digest that its tag has now. Errors: XgboostImageUnknown, ImageNotFound. */
export const getServingImage = defineQuery({
  service: 'training',
  name: 'get-serving-image',
  description: 'The managed XGBoost image of the region, by digest.',
  input: z.object({}),
  output: z.object({ image: z.string() }),
});

/** Input of the training machine; its execution is named by trainingId. */
export const trainingExecutionInput = z.object({
  project: projectName,
  projectRevision: z.int().min(1),
  trainingId: z.string(),
  datasetVersion: z.int().min(1),
  asOf: z.iso.datetime(),
  requestedBy: z.string(),
});

/** All that a training job needs, decided once, recorded with the run, and enough to make the same bytes again. */
export const trainingPlan = z.object({
  /** By digest: `<registry>/<repository>@sha256:…`. */
  trainingImage: z.string(),
  hyperparameters: z.record(z.string(), z.string()),
  seed: z.int(),
  codeVersion: z.string(),
  instanceType: z.string(),
  instanceCount: z.int(),
  volumeSizeGb: z.int(),
  spot: z.object({ enabled: z.boolean(), maxWaitSeconds: z.int() }),
  maxRuntimeSeconds: z.int(),
  /** How long the machine waits for the job: runtime, queueing and start-up together. */
  waitSeconds: z.int(),
  /** Models to predict the held-out part with: the new one first, its artifact not yet known, then the champion if there is one. */
  champion: z.object({ modelVersion: z.int(), artifact: storedObject, trainingImage: z.string() }).optional(),
  runParams: z.record(z.string(), z.string()),
  runTags: z.record(z.string(), z.string()),
});

/** Errors: ChampionIncompatible is not one: a champion with another signature is left out of the plan and said so in runTags. */
export const planTraining = defineTask({
  service: 'training',
  name: 'plan-training',
  description: 'Turns the project’s training section and the training set into an exact plan.',
  input: z.object({ project: projectName, projectRevision: z.int(), trainingId: z.string(), trainingSet }),
  output: trainingPlan,
});

/** Errors: TrainingJobFailed (with SageMaker’s reason), TrainingJobStopped, TrainingJobRejected (the request was not valid). */
export const startTrainingJob = defineTask({
  service: 'training',
  name: 'start-training-job',
  description:
    'Creates the SageMaker training job and answers when it ended. Job name from trainingId: called twice, it buys one job.',
  waits: true,
  input: z.object({
    project: projectName,
    trainingId: z.string(),
    runId: z.string(),
    plan: trainingPlan,
    trainingSet,
  }),
  output: z.object({
    jobName: z.string(),
    artifact: storedObject,
    metrics: metricValues,
    billableSeconds: z.number(),
  }),
});

/** Errors: TransformJobFailed, TransformJobStopped. */
export const startTransformJob = defineTask({
  service: 'training',
  name: 'start-transform-job',
  description: 'Predicts the held-out features with one candidate by a SageMaker batch transform.',
  waits: true,
  input: z.object({
    project: projectName,
    /** The training, or the release that evaluates a client's version. */
    trainingId: z.string(),
    candidate: z.enum(['challenger', 'champion']),
    artifact: storedObject,
    trainingImage: z.string(),
    instanceType: z.string(),
    features: storedObject,
  }),
  output: z.object({ candidate: z.enum(['challenger', 'champion']), predictions: storedObject }),
});

export const completeTraining = defineTask({
  service: 'training',
  name: 'complete-training',
  description: 'Ends the flight: publishes TrainingCompleted and lets the governor look at what waited.',
  input: z.object({
    project: projectName,
    trainingId: z.string(),
    runId: z.string(),
    jobName: z.string(),
    artifact: storedObject,
    modelVersion: z.int(),
    metrics: metricValues,
    billableSeconds: z.number(),
  }),
  output: z.object({}),
});

export const failTraining = defineTask({
  service: 'training',
  name: 'fail-training',
  description: 'Ends the flight without a model: publishes TrainingFailed.',
  input: z.object({
    project: projectName,
    trainingId: z.string(),
    step: z.string(),
    error: z.string(),
    cause: z.string().max(32_768),
  }),
  output: z.object({}),
});

const projectParams = z.object({ project: projectName });

export const requestTraining = defineEndpoint({
  service: 'training',
  operationId: 'requestTraining',
  summary: 'Asks the governor for a training on the newest validated data.',
  method: 'POST',
  path: '/v1/projects/{project}/trainings',
  role: 'scientist',
  params: projectParams,
  query: z.object({}),
  body: z.strictObject({ reason: z.string().min(1).max(1000) }),
  response: z.object({
    decision: z.enum(['requested', 'suppressed']),
    trainingId: z.string().optional(),
    rule: z.string().optional(),
    message: z.string(),
  }),
  successStatus: 202,
});

export const listTrainings = defineEndpoint({
  service: 'training',
  operationId: 'listTrainings',
  summary: 'Trainings of a project, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/trainings',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({
    items: z.array(
      z.object({
        trainingId: z.string(),
        trigger: z.string(),
        reasons: z.array(z.string()),
        datasetVersion: z.int(),
        status: z.enum(['requested', 'running', 'completed', 'failed']),
        requestedAt: z.string(),
        endedAt: z.string().optional(),
        jobName: z.string().optional(),
        modelVersion: z.int().optional(),
        error: z.string().optional(),
      }),
    ),
    nextPageToken: z.string().optional(),
  }),
});

export const endpoints = [requestTraining, listTrainings];
