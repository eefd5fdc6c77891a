import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { projectName, storedObject } from '#shared/contracts/parts.ts';

const featureValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/**
 * What an application sends to be predicted. Only the first wrong value of an instance is named: a union's errors for each of a
 * million values would take more memory than the function has.
 */
const instance = z
  .record(
    z.string(),
    z.unknown().meta({ type: ['number', 'string', 'boolean', 'null'] }) as unknown as typeof featureValue,
  )
  .superRefine((values, report) => {
    const wrong = Object.keys(values).find(
      (name) => typeof values[name] === 'object' && values[name] !== null,
    );
    if (wrong !== undefined)
      report.addIssue({
        code: 'custom',
        path: [wrong],
        message: 'must be a number, a text, true, false or null',
      });
  });

/** What a model answers for one instance. Classification: `value` is the class, `probabilities` by class; regression: a number. */
export const prediction = z.object({
  value: z.union([z.string(), z.number()]),
  probabilities: z.record(z.string(), z.number()).optional(),
});

/** One line of a capture file. */
export const capturedPrediction = z.object({
  inferenceId: z.string(),
  project: projectName,
  model: z.string(),
  modelVersion: z.int(),
  at: z.iso.datetime(),
  features: z.record(z.string(), featureValue),
  prediction,
  caller: z.string(),
  /** Where features were read by entity key: the keys, the service version, and which row each view answered with. */
  served: z
    .object({
      service: z.string(),
      version: z.int(),
      joinKeys: z.record(z.string(), z.union([z.string(), z.number()])),
      views: z.array(
        z.object({
          view: z.string(),
          version: z.int(),
          status: z.enum(['PRESENT', 'EXPIRED', 'NOT_FOUND']),
          eventAt: z.iso.datetime().optional(),
        }),
      ),
      /** What the caller sent for on-demand features. */
      request: z.record(z.string(), featureValue).optional(),
      /** Outputs of the service that the caller sent itself: these values are the caller's, not the views'. */
      given: z.array(z.string()).optional(),
    })
    .optional(),
});
export type CapturedPrediction = z.infer<typeof capturedPrediction>;

/** What is left of capture files that an erasure took lines from: JSON document. */
export const rewrittenCaptures = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  erasureId: z.string(),
  files: z.array(
    z.object({
      modelVersion: z.int(),
      object: storedObject,
      /** Lines that are left; the file stays where there are none. */
      count: z.int().min(0),
      /** Of the file as it was captured. */
      firstAt: z.iso.datetime(),
      lastAt: z.iso.datetime(),
    }),
  ),
});

/** One line of a ground-truth file. */
export const groundTruthLabel = z.object({
  inferenceId: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  at: z.iso.datetime(),
});
export type GroundTruthLabel = z.infer<typeof groundTruthLabel>;

export const getPrediction = defineQuery({
  service: 'predictions',
  name: 'get-prediction',
  description: 'One captured prediction while it is kept (30 days); PredictionNotFound.',
  input: z.object({ project: projectName, inferenceId: z.string() }),
  output: capturedPrediction,
});

const projectParams = z.object({ project: projectName });

/** Why values of a view are missing: too old, or there are none. */
const missingStatus = z.enum(['EXPIRED', 'NOT_FOUND']);

/**
 * An instance holds the model's inputs. Where the model was trained with a feature service, it may hold the join keys instead of the inputs
 * that the service answers (and what its on-demand features are computed of): they are read online, of the service version that the
 * model pinned. Values that are sent win over those that are stored; what is expired or not found is a missing value.
 * Errors: NothingDeployed (not_found), InvalidInstances (each field named), EntityKeysMissing (invalid_input, naming what must be
 * sent), InvalidEntities (invalid_input), OnlineStoreBusy and ModelUnavailable (unavailable, retry).
 */
export const predict = defineEndpoint({
  service: 'predictions',
  operationId: 'predict',
  summary:
    'Predictions for up to 500 instances, by features or by entity keys. `stickyKey` keeps a caller on one version while shares do not change.',
  method: 'POST',
  path: '/v1/projects/{project}/predictions',
  role: 'client',
  api: 'prediction',
  params: projectParams,
  query: z.object({}),
  body: z.strictObject({
    instances: z.array(instance).min(1).max(500),
    stickyKey: z.string().max(256).optional(),
  }),
  // What a serverless endpoint takes as a request (SageMaker quotas: 4 MB).
  maxBodyBytes: 4_194_304,
  response: z.object({
    model: z.string(),
    modelVersion: z.int(),
    artifactSha256: z.string(),
    predictions: z.array(
      prediction.extend({
        inferenceId: z.string(),
        /** Feature views whose values were missing, where features were read by entity key. */
        features: z.record(z.string(), missingStatus).optional(),
      }),
    ),
  }),
});

export const sendGroundTruth = defineEndpoint({
  service: 'predictions',
  operationId: 'sendGroundTruth',
  summary:
    'What turned out to be true, for up to 1,000 earlier predictions by inference id. A later value for the same id replaces the earlier.',
  method: 'POST',
  path: '/v1/projects/{project}/ground-truth',
  role: 'client',
  api: 'prediction',
  params: projectParams,
  query: z.object({}),
  body: z.strictObject({
    labels: z
      .array(
        z.strictObject({
          inferenceId: z.string().min(1).max(64),
          value: z.union([z.string().max(256), z.number(), z.boolean()]),
        }),
      )
      .min(1)
      .max(1000),
  }),
  maxBodyBytes: 524_288,
  response: z.object({ accepted: z.int() }),
  successStatus: 202,
});

export const endpoints = [predict, sendGroundTruth];

/** Metrics per request, in the stage’s namespace, with the dimensions `service` (predictions), `Project` and `ModelVersion`, in one second’s resolution. */
export const servingMetrics = {
  service: 'predictions',
  /** 0 or 1 per request: its average is the error rate. */
  errorRate: 'ModelErrors',
  /** From request to answer of the model’s endpoint. */
  latencyMs: 'ModelLatencyMs',
} as const;
