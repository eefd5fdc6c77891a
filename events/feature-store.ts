import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName, sha256, storedObject } from '#shared/contracts/parts.ts';

export const TrainingSetBuilt = defineEvent({
  service: 'feature-store',
  name: 'TrainingSetBuilt',
  version: 1,
  description: 'A point-in-time correct training set was built and split.',
  data: z.object({
    project: projectName,
    trainingSetId: z.string(),
    datasetVersion: z.int().min(1),
    /** No row that the platform came to know after this instant is in the set. */
    asOf: z.iso.datetime(),
    contentSha256: sha256,
    rows: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
    featureNames: z.array(z.string()),
    /** Absent where the project's model uses no feature service. */
    featureService: z.object({ service: z.string(), version: z.int().min(1) }).optional(),
    views: z
      .array(
        z.object({
          view: z.string(),
          version: z.int().min(1),
          dataset: projectName.optional(),
          datasetVersion: z.int().min(1).optional(),
        }),
      )
      .max(200)
      .optional(),
  }),
});

const viewVersion = z.object({ view: z.string(), version: z.int().min(1) });

export const FeaturesDefined = defineEvent({
  service: 'feature-store',
  name: 'FeaturesDefined',
  version: 1,
  description: 'A project revision declares these versions of feature views and feature services.',
  data: z.object({
    project: projectName,
    projectRevision: z.int().min(1),
    views: z.array(viewVersion.extend({ isNew: z.boolean(), dataset: projectName.optional() })).max(200),
    services: z
      .array(
        z.object({
          service: z.string(),
          version: z.int().min(1),
          isNew: z.boolean(),
          views: z.array(viewVersion).max(200),
        }),
      )
      .max(100),
  }),
});

export const MaterializationRequested = defineEvent({
  service: 'feature-store',
  name: 'MaterializationRequested',
  version: 1,
  description: 'Values of a feature view are to be written to the online store.',
  data: viewVersion.extend({
    project: projectName,
    materializationId: z.string(),
    mode: z.enum(['incremental', 'full']),
    occasion: z.enum(['manual', 'schedule', 'data', 'erasure', 'definition']),
    /** Counts 1, 2, 3: above 1 it goes on where the one before stopped. */
    attempt: z.int().min(1),
    /** Rows that the platform came to know later are not written. */
    asOf: z.iso.datetime(),
  }),
});

export const FeaturesMaterialized = defineEvent({
  service: 'feature-store',
  name: 'FeaturesMaterialized',
  version: 1,
  description: 'The newest values of a feature view are in the online store.',
  data: viewVersion.extend({
    project: projectName,
    materializationId: z.string(),
    asOf: z.iso.datetime(),
    /** What the rows came from, where it is a dataset. */
    dataset: projectName.optional(),
    datasetVersion: z.int().min(1).optional(),
    put: z.int().min(0),
    deleted: z.int().min(0),
    skipped: z.int().min(0),
    entities: z.int().min(0),
    newestEventAt: z.iso.datetime().optional(),
  }),
});

export const MaterializationFailed = defineEvent({
  service: 'feature-store',
  name: 'MaterializationFailed',
  version: 1,
  description: 'A materialization stopped; it can be resumed.',
  data: viewVersion.extend({ project: projectName, materializationId: z.string(), failure: z.string() }),
});

export const HistoricalFeaturesRequested = defineEvent({
  service: 'feature-store',
  name: 'HistoricalFeaturesRequested',
  version: 1,
  description: 'A training set of features at given times is to be made.',
  data: z.object({
    project: projectName,
    retrievalId: z.string(),
    /** JSON document: what was asked for, with all versions named. */
    request: storedObject,
  }),
});

export const HistoricalFeaturesRetrieved = defineEvent({
  service: 'feature-store',
  name: 'HistoricalFeaturesRetrieved',
  version: 1,
  description: 'A training set of features at given times was made.',
  data: z.object({
    project: projectName,
    retrievalId: z.string(),
    trainingSetId: z.string(),
    contentSha256: sha256,
    data: storedObject,
    rows: z.int().min(0),
    asOf: z.iso.datetime(),
    views: z.array(viewVersion).max(200),
    /** Dataset versions that rows or entity rows came from. */
    datasets: z.array(z.object({ project: projectName, datasetVersion: z.int().min(1) })).max(200),
  }),
});

export const HistoricalFeaturesFailed = defineEvent({
  service: 'feature-store',
  name: 'HistoricalFeaturesFailed',
  version: 1,
  description: 'A training set of features could not be made.',
  data: z.object({ project: projectName, retrievalId: z.string(), failure: z.string() }),
});

export const FeatureFreshnessBreached = defineEvent({
  service: 'feature-store',
  name: 'FeatureFreshnessBreached',
  version: 1,
  description:
    'The newest online value of a feature view is older than its objective allows. Once, until it is fresh again.',
  data: viewVersion.extend({
    project: projectName,
    newestEventAt: z.iso.datetime().optional(),
    lagSeconds: z.number().optional(),
    maxLagSeconds: z.int().min(1),
  }),
});

export const FeatureFreshnessRestored = defineEvent({
  service: 'feature-store',
  name: 'FeatureFreshnessRestored',
  version: 1,
  description: 'A feature view that had breached its freshness objective meets it again.',
  data: viewVersion.extend({ project: projectName, newestEventAt: z.iso.datetime(), lagSeconds: z.number() }),
});

export const FeatureSkewCheckRequested = defineEvent({
  service: 'feature-store',
  name: 'FeatureSkewCheckRequested',
  version: 1,
  description: 'What was served online is to be compared with what training would have seen.',
  data: z.object({
    project: projectName,
    checkId: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
  }),
});

export const TrainingServingSkewDetected = defineEvent({
  service: 'feature-store',
  name: 'TrainingServingSkewDetected',
  version: 1,
  description: 'Features were served with other values than training would have seen.',
  data: z.object({
    project: projectName,
    service: z.string(),
    version: z.int().min(1),
    reportId: z.string(),
    inferences: z.int().min(1),
    maxMismatchRate: z.number(),
    /** The features above the rate, worst first. */
    features: z
      .array(z.object({ feature: z.string(), mismatchRate: z.number() }))
      .min(1)
      .max(100),
    /** JSON document (feature-store/contract.ts: skewReport). */
    report: storedObject,
  }),
});

export const FeatureErasureRequested = defineEvent({
  service: 'feature-store',
  name: 'FeatureErasureRequested',
  version: 1,
  description:
    'Entities are to be erased from online values, landed records and captured predictions. Keys are named by hash only.',
  data: z.object({
    project: projectName,
    erasureId: z.string(),
    entity: z.string(),
    reason: z.string(),
    keys: z.int().min(1),
    /** What names one, in the order that digests are made of. */
    joinKeys: z.array(z.object({ name: z.string(), type: z.enum(['string', 'integer']) })),
    /** SHA-256 of erasure id and key (a JSON list of the join keys' values), in the order that the keys were given. */
    keyDigests: z.array(sha256).max(100),
    /** Captured predictions, and what was sent before it. */
    requestedAt: z.iso.datetime(),
  }),
});

export const FeatureErasureCompleted = defineEvent({
  service: 'feature-store',
  name: 'FeatureErasureCompleted',
  version: 1,
  description:
    'Entities are gone from online values, landed records and captured predictions; the certificate says what was changed.',
  data: z.object({
    project: projectName,
    erasureId: z.string(),
    entity: z.string(),
    onlineValuesDeleted: z.int().min(0),
    recordsErased: z.int().min(0),
    predictionsErased: z.int().min(0),
    /** JSON document (feature-store/contract.ts: featureErasureCertificate). */
    certificate: storedObject,
  }),
});
