import * as z from 'zod';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { pageToken, pathId, projectName, storedObject } from '#shared/contracts/parts.ts';
import { featureName, featureParams, noQuery } from './definitions.ts';
import { featureStatus, featureValue } from './online.ts';

/** What was served differently than training would have seen it. */
export const skewExample = z.object({
  inferenceId: z.string(),
  at: z.iso.datetime(),
  served: featureValue,
  offline: featureValue,
  offlineStatus: featureStatus,
  servedEventAt: z.iso.datetime().optional(),
  offlineEventAt: z.iso.datetime().optional(),
  /** stale: what was served is an older row than the newest that was known. different: another value of the same row, or of none. */
  kind: z.enum(['stale', 'different']),
});

/** One look at the predictions of a feature service version: online against offline. */
export const skewReport = z.object({
  reportId: z.string(),
  project: projectName,
  featureService: z.object({ service: featureName, version: z.int() }),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  inferences: z.int(),
  /** InsufficientData: nothing was served by entity key. */
  verdict: z.enum(['Pass', 'Fail', 'InsufficientData']),
  maxMismatchRate: z.number(),
  features: z.array(
    z.object({
      feature: z.string(),
      view: featureName.optional(),
      compared: z.int(),
      stale: z.int(),
      different: z.int(),
      mismatchRate: z.number(),
      /** At most 5; masked where the feature is sensitive. */
      examples: z.array(skewExample).max(5),
    }),
  ),
  completedAt: z.iso.datetime(),
});
export type SkewReport = z.infer<typeof skewReport>;

export const listFeatureSkew = defineEndpoint({
  service: 'feature-store',
  operationId: 'listFeatureSkew',
  summary: 'Reports of what was served online against what training would have seen, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-skew',
  role: 'viewer',
  params: featureParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(skewReport), nextPageToken: z.string().optional() }),
});

/** NothingServed (precondition_failed) where no deployed model reads features by entity key. */
export const checkFeatureSkew = defineEndpoint({
  service: 'feature-store',
  operationId: 'checkFeatureSkew',
  summary: 'Looks at what was served since the last report now, instead of when it is due.',
  method: 'POST',
  path: '/v1/projects/{project}/feature-skew',
  role: 'scientist',
  params: featureParams,
  query: noQuery,
  body: z.undefined(),
  response: z.object({ checkId: z.string() }),
  successStatus: 202,
});

/** How old the newest online value of a view is, and how old it may be. */
export const viewFreshness = z.object({
  view: featureName,
  version: z.int(),
  newestEventAt: z.iso.datetime().optional(),
  /** Now less the newest event time; absent where nothing is online. */
  lagSeconds: z.number().optional(),
  maxLagSeconds: z.int().optional(),
  status: z.enum(['fresh', 'breached', 'empty', 'no-objective']),
  breachedSince: z.iso.datetime().optional(),
});

export const readFeatureFreshness = defineEndpoint({
  service: 'feature-store',
  operationId: 'readFeatureFreshness',
  summary: 'How fresh each view of a project is online, against its objective.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-freshness',
  role: 'viewer',
  params: featureParams,
  query: noQuery,
  body: z.undefined(),
  response: z.object({ at: z.iso.datetime(), views: z.array(viewFreshness) }),
});

/** What an erasure by entity key did: JSON document. */
export const featureErasureCertificate = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  erasureId: z.string(),
  entity: featureName,
  reason: z.string(),
  requestedBy: z.string(),
  completedAt: z.iso.datetime(),
  keys: z.int(),
  onlineValuesDeleted: z.int(),
  recordsErased: z.int(),
  predictionsErased: z.int(),
  filesRewritten: z.int(),
  /** What holds rows of the entity and is not this service's to change: dataset versions, training sets, models, the history of feature groups. */
  remaining: z.array(z.object({ kind: z.string(), id: z.string(), why: z.string() })),
});

export const featureErasure = z.object({
  erasureId: z.string(),
  project: projectName,
  entity: featureName,
  status: z.enum(['running', 'done', 'failed']),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().optional(),
  reason: z.string(),
  keys: z.int(),
  failure: z.string().optional(),
  certificate: storedObject.optional(),
});

/** EntityNotFound, InvalidEntities, FeatureErasureRunning (conflict). */
export const requestFeatureErasure = defineEndpoint({
  service: 'feature-store',
  operationId: 'requestFeatureErasure',
  summary:
    'Erases entities by key: online values, landed records and captured predictions. Cannot be undone.',
  method: 'POST',
  path: '/v1/projects/{project}/feature-erasures',
  role: 'admin',
  params: featureParams,
  query: noQuery,
  body: z.strictObject({
    entity: featureName,
    /** Join key to value, one object per entity. */
    keys: z
      .array(z.record(z.string(), z.union([z.string().min(1).max(500), z.int()])))
      .min(1)
      .max(100),
    reason: z.string().min(1).max(1000),
  }),
  response: featureErasure,
  successStatus: 202,
});

export const listFeatureErasures = defineEndpoint({
  service: 'feature-store',
  operationId: 'listFeatureErasures',
  summary: 'Erasures by entity key, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-erasures',
  role: 'admin',
  params: featureParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(featureErasure), nextPageToken: z.string().optional() }),
});

/** FeatureErasureNotFound. */
export const readFeatureErasure = defineEndpoint({
  service: 'feature-store',
  operationId: 'readFeatureErasure',
  summary: 'An erasure by entity key and, when it is done, its certificate.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-erasures/{erasureId}',
  role: 'admin',
  params: featureParams.extend({ erasureId: pathId }),
  query: noQuery,
  body: z.undefined(),
  response: featureErasure.extend({ certificateText: featureErasureCertificate.optional() }),
});

export const oversightEndpoints = [
  listFeatureSkew,
  checkFeatureSkew,
  readFeatureFreshness,
  requestFeatureErasure,
  listFeatureErasures,
  readFeatureErasure,
];

/** Metrics in the stage's namespace, with the dimensions `service` (feature-store) and `Project`. */
export const oversightMetrics = {
  /** Besides by `View`: now less the event time of the newest row online. */
  freshnessLag: 'FeatureFreshnessLagSeconds',
  /** Besides by `FeatureService` and `Version`: that of the feature which has the greatest, once per report. */
  mismatchRate: 'FeatureMismatchRate',
  /** By `service` alone, for the stage's alarms: objectives that were breached anew, reports that failed. */
  breaches: 'FeatureFreshnessBreaches',
  failedReports: 'FeatureSkewReportsFailed',
} as const;
