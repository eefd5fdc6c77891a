import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { columnType, projectName, sha256 } from '#shared/contracts/parts.ts';

/** Name of an entity, a view, a service or a feature. */
export const featureName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
export const featureParams = z.object({ project: projectName });
export const viewParams = featureParams.extend({ view: featureName });
export const noQuery = z.object({});

export const joinKey = z.object({ name: z.string(), type: z.enum(['string', 'integer']) });
export type JoinKey = z.infer<typeof joinKey>;

/** Where the rows of a view come from, with nothing left open. */
export const viewSource = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('dataset'),
    name: featureName,
    /** The project whose dataset it is. */
    dataset: projectName,
    eventTimestamp: z.string(),
    /** Neither: rows are known from their upload on (`_available_at`). */
    availabilityTimestamp: z.string().optional(),
    availabilityDelaySeconds: z.int().optional(),
  }),
  z.object({ type: z.literal('captures'), name: featureName }),
  z.object({
    type: z.literal('stream'),
    name: featureName,
    columns: z.record(z.string(), columnType),
    eventTimestamp: z.string(),
  }),
]);
export type ViewSource = z.infer<typeof viewSource>;

/** A feature that is a column of the source. */
export const viewFeature = z.object({
  name: featureName,
  type: columnType,
  column: z.string(),
  sensitive: z.boolean(),
  description: z.string().optional(),
});
export type ViewFeature = z.infer<typeof viewFeature>;

/**
 * A feature that is made of the rows in a window. At time t these are the rows that were known at t and happened from
 * `floor((t - window) / hop) * hop` (since 1970, UTC) to t, both ends included: the window is as long as it says, and up to one hop
 * longer. Sums of that many whole hops can be kept in little space and move exactly as the batch answer does ("sawtooth" windows).
 */
export const viewAggregation = z.object({
  name: featureName,
  type: columnType,
  function: z.enum(['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct']),
  column: z.string().optional(),
  columnType: columnType.optional(),
  windowSeconds: z.int().min(1),
  hopSeconds: z.int().min(1),
  sensitive: z.boolean(),
  description: z.string().optional(),
});
export type ViewAggregation = z.infer<typeof viewAggregation>;

/**
 * One version of a feature view: immutable. What decides values (join keys, source, features, aggregations, ttl) makes a new
 * version; what is said about it (owner, description, tags, freshness, when it is materialized) is the newest revision's.
 */
export const featureViewVersion = z.object({
  project: projectName,
  view: featureName,
  /** Counts 1, 2, 3 per view. */
  version: z.int().min(1),
  definitionSha256: sha256,
  entities: z.array(featureName),
  joinKeys: z.array(joinKey),
  source: viewSource,
  /** Empty where there are aggregations. */
  features: z.array(viewFeature),
  aggregations: z.array(viewAggregation),
  /** A row that happened more than so long before the time that is asked for is expired. */
  ttlSeconds: z.int().min(1).optional(),
  store: z.enum(['dynamodb', 'sagemaker']),
  /**
   * Of a stream that is not kept online. It makes a version, for the windows of a stream are written record by record: one that is to be kept
   * online again is a version of its own, filled from the landed records.
   */
  online: z.literal(false).optional(),
  createdAt: z.iso.datetime(),
  projectRevision: z.int().min(1),
});
export type FeatureViewVersion = z.infer<typeof featureViewVersion>;

/** What a revision says about a view, besides its version. */
export const featureViewSettings = z.object({
  online: z.boolean(),
  owner: z.string(),
  description: z.string().optional(),
  tags: z.record(z.string(), z.string()),
  sensitivity: z.string().optional(),
  materialization: z.object({ onNewData: z.boolean(), everySeconds: z.int().optional() }),
  freshness: z.object({ maxLagSeconds: z.int() }).optional(),
});
export type FeatureViewSettings = z.infer<typeof featureViewSettings>;

/** A view as a feature service pinned it. */
export const pinnedView = z.object({
  view: featureName,
  version: z.int().min(1),
  joinKeys: z.array(joinKey),
  ttlSeconds: z.int().optional(),
  store: z.enum(['dynamodb', 'sagemaker']),
  features: z.array(
    z.object({
      name: featureName,
      type: columnType,
      sensitive: z.boolean(),
      /** Its name in answers and training sets; absent where it is only read by expressions. */
      as: z.string().optional(),
    }),
  ),
  /** Those of the view that `features` names, as the view's version has them; empty for a view with a schema. */
  aggregations: z.array(viewAggregation),
});
export type PinnedView = z.infer<typeof pinnedView>;

/** A feature that is computed when it is asked for. */
export const pinnedExpression = z.object({
  view: featureName,
  name: featureName,
  as: z.string(),
  type: columnType,
  expression: z.string(),
  /** What the names in the expression stand for. */
  variables: z.array(
    z.object({
      name: z.string(),
      type: columnType,
      from: z.union([
        z.object({ request: z.string() }),
        z.object({ view: featureName, feature: featureName }),
      ]),
    }),
  ),
});
export type PinnedExpression = z.infer<typeof pinnedExpression>;

/**
 * One version of a feature service: immutable, with all that is needed to read it online and offline. A model keeps the version that it was
 * trained with, whatever its views become.
 */
export const featureServiceVersion = z.object({
  project: projectName,
  service: featureName,
  /** Counts 1, 2, 3 per service. */
  version: z.int().min(1),
  definitionSha256: sha256,
  views: z.array(pinnedView),
  onDemand: z.array(pinnedExpression),
  /** What a caller must send besides join keys, for expressions. */
  request: z.array(z.object({ name: z.string(), type: columnType })),
  /** What it answers, in order. */
  outputs: z.array(z.object({ name: z.string(), type: columnType })),
  createdAt: z.iso.datetime(),
  projectRevision: z.int().min(1),
});
export type FeatureServiceVersion = z.infer<typeof featureServiceVersion>;

/** Answers a version of a feature service, the newest where none is named. FeatureServiceNotFound (not_found). */
export const getFeatureService = defineQuery({
  service: 'feature-store',
  name: 'get-feature-service',
  description: 'A version of a feature service, with the views that it pins.',
  input: z.object({ project: projectName, service: featureName, version: z.int().min(1).optional() }),
  output: featureServiceVersion,
});

/** How fresh a view is online. */
export const viewState = z.object({
  /** Entities with an online value, as the last materialization counted them; absent for streams. */
  entities: z.int().min(0).optional(),
  /** Event time of the newest row that is online. */
  newestEventAt: z.iso.datetime().optional(),
  lastMaterializedAt: z.iso.datetime().optional(),
  lastMaterializationId: z.string().optional(),
});

const listedView = z.object({
  view: featureName,
  version: z.int(),
  entities: z.array(featureName),
  source: viewSource,
  featureNames: z.array(featureName),
  settings: featureViewSettings,
  state: viewState,
});

export const listFeatures = defineEndpoint({
  service: 'feature-store',
  operationId: 'listFeatures',
  summary:
    'The catalogue: entities, feature views and feature services of a project, as its newest revision declares them.',
  method: 'GET',
  path: '/v1/projects/{project}/features',
  role: 'viewer',
  params: featureParams,
  query: noQuery,
  body: z.undefined(),
  response: z.object({
    projectRevision: z.int().optional(),
    entities: z.array(
      z.object({
        entity: featureName,
        joinKeys: z.array(joinKey),
        owner: z.string(),
        description: z.string().optional(),
      }),
    ),
    featureViews: z.array(listedView),
    onDemandFeatureViews: z.array(
      z.object({
        view: featureName,
        features: z.array(z.object({ name: featureName, type: columnType, expression: z.string() })),
        owner: z.string(),
        description: z.string().optional(),
      }),
    ),
    featureServices: z.array(
      z.object({
        service: featureName,
        version: z.int(),
        views: z.array(z.object({ view: featureName, version: z.int() })),
        outputs: z.array(z.object({ name: z.string(), type: columnType })),
        owner: z.string(),
        description: z.string().optional(),
      }),
    ),
  }),
});

/** FeatureViewNotFound. */
export const readFeatureView = defineEndpoint({
  service: 'feature-store',
  operationId: 'readFeatureView',
  summary:
    'A version of a feature view (the newest where none is named), its other versions, and who uses it.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-views/{view}',
  role: 'viewer',
  params: viewParams,
  query: z.object({ version: z.coerce.number().int().min(1).optional() }),
  body: z.undefined(),
  response: z.object({
    featureView: featureViewVersion,
    settings: featureViewSettings,
    state: viewState,
    versions: z.array(z.object({ version: z.int(), createdAt: z.iso.datetime(), projectRevision: z.int() })),
    usedBy: z.object({
      featureServices: z.array(z.object({ service: featureName, version: z.int() })),
      models: z.array(z.object({ model: z.string(), modelVersion: z.int() })),
    }),
  }),
});

/** FeatureServiceNotFound. */
export const readFeatureService = defineEndpoint({
  service: 'feature-store',
  operationId: 'readFeatureService',
  summary: 'A version of a feature service (the newest where none is named), and the models that pin it.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-services/{service}',
  role: 'viewer',
  params: featureParams.extend({ service: featureName }),
  query: z.object({ version: z.coerce.number().int().min(1).optional() }),
  body: z.undefined(),
  response: z.object({
    featureService: featureServiceVersion,
    versions: z.array(z.object({ version: z.int(), createdAt: z.iso.datetime() })),
    models: z.array(z.object({ model: z.string(), modelVersion: z.int(), version: z.int() })),
  }),
});

export const definitionEndpoints = [listFeatures, readFeatureView, readFeatureService];
