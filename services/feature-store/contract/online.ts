import * as z from 'zod';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { featureName, featureParams, noQuery, viewParams } from './definitions.ts';

/** PRESENT: the newest row known, within its ttl; its value may be null. EXPIRED: older than its ttl. NOT_FOUND: no row. The last two have the value null. */
export const featureStatus = z.enum(['PRESENT', 'EXPIRED', 'NOT_FOUND']);
export type FeatureStatus = z.infer<typeof featureStatus>;

export const featureValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type FeatureValue = z.infer<typeof featureValue>;
const keyValue = z.union([z.string().min(1).max(500), z.int()]);

/** Most entities of one request. */
export const maxOnlineEntities = 100;

/**
 * Feast's words and shape, in one call: a list per join key, all equally long; a result per feature, with a value per entity.
 * FeatureServiceNotFound, FeatureViewNotFound, InvalidEntities (invalid_input, naming each place), OnlineStoreBusy (unavailable: part of
 * the keys stayed unprocessed after retries).
 */
export const getOnlineFeatures = defineEndpoint({
  service: 'feature-store',
  operationId: 'getOnlineFeatures',
  summary: 'The newest values of features for up to 100 entities, each with its status and event time.',
  method: 'POST',
  path: '/v1/projects/{project}/online-features',
  role: 'client',
  params: featureParams,
  query: noQuery,
  body: z
    .strictObject({
      featureService: featureName.optional(),
      /** Of the service; the newest where none is named. */
      version: z.int().min(1).optional(),
      /** Instead of a service: view:feature, of the newest versions. */
      features: z.array(z.string().max(130)).min(1).max(500).optional(),
      fullFeatureNames: z.boolean().optional(),
      /** Join key to its values. */
      entities: z.record(z.string(), z.array(keyValue).min(1).max(maxOnlineEntities)),
      /** For on-demand features: what only the caller knows, by name, a value per entity. */
      request: z.record(z.string(), z.array(featureValue).max(maxOnlineEntities)).optional(),
    })
    .refine((body) => (body.featureService === undefined) !== (body.features === undefined), {
      message: 'name a featureService or features, not both',
    }),
  maxBodyBytes: 262_144,
  response: z.object({
    metadata: z.object({
      featureNames: z.array(z.string()),
      featureService: z.object({ service: featureName, version: z.int() }).optional(),
    }),
    results: z.array(
      z.object({
        values: z.array(featureValue),
        statuses: z.array(featureStatus),
        /** Null where there is no row, and for on-demand features. */
        eventTimestamps: z.array(z.iso.datetime().nullable()),
      }),
    ),
  }),
});

/** Most records of one request. */
export const maxRecords = 100;

/**
 * What came in and what a view holds of it. All records are checked before any is written; a record that was sent before (the same
 * `recordId`, or the same content where there is none) changes nothing.
 * FeatureViewNotFound, NotAStream (precondition_failed), InvalidRecords (invalid_input, naming each place), EventTimeInFuture.
 */
export const sendFeatureRecords = defineEndpoint({
  service: 'feature-store',
  operationId: 'sendFeatureRecords',
  summary:
    'Writes up to 100 records of a stream: online at once, and to the offline store. A record sent twice counts once.',
  method: 'POST',
  path: '/v1/projects/{project}/features/{view}/records',
  role: 'client',
  params: viewParams,
  query: noQuery,
  body: z.strictObject({
    records: z.array(z.record(z.string(), featureValue)).min(1).max(maxRecords),
    /** As many as records: what makes a record the same when it is sent again. */
    recordIds: z.array(z.string().min(1).max(128)).max(maxRecords).optional(),
  }),
  maxBodyBytes: 262_144,
  response: z.object({
    accepted: z.int(),
    duplicates: z.int(),
    availableAt: z.iso.datetime(),
  }),
  successStatus: 202,
});

/** A message of the records queue (SQS) or stream (Kinesis): what the endpoint takes, with its address. */
export const recordsMessage = z.strictObject({
  project: featureParams.shape.project,
  view: featureName,
  records: sendFeatureRecords.body.shape.records,
  recordIds: sendFeatureRecords.body.shape.recordIds,
});

export const onlineEndpoints = [getOnlineFeatures, sendFeatureRecords];

/** Where SageMaker keeps all that it was ever sent of views with `store: sagemaker`, by project, in the data bucket. Nothing reads it. */
export const featureGroupHistoryPrefix = 'feature-store/sagemaker/';
