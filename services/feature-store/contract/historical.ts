import * as z from 'zod';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { columnType, pageToken, pathId, projectName, sha256, storedObject } from '#shared/contracts/parts.ts';
import { featureName, featureParams, noQuery } from './definitions.ts';
import { featureValue } from './online.ts';

/** Rows that a request itself may carry. */
export const maxInlineEntityRows = 1000;

/** What is asked about: entities at times. Each has a column `event_timestamp`, or the one that `eventTimestamp` names. */
export const entityRows = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('rows'),
    rows: z.array(z.record(z.string(), featureValue)).min(1).max(maxInlineEntityRows),
    eventTimestamp: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('file'),
    /** Of createEntityFile, after the file was sent: CSV, JSON Lines or Parquet. */
    fileId: pathId,
    eventTimestamp: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('dataset'),
    /** The project whose dataset it is; else this one. */
    dataset: projectName.optional(),
    /** The newest that may be trained on, where none is named. */
    datasetVersion: z.int().min(1).optional(),
    /** The dataset's own eventTime, where none is named. */
    eventTimestamp: z.string().optional(),
    /** Query: a condition in SQL of the dataset's columns, and the columns to keep (all where none is named). */
    where: z.string().max(4000).optional(),
    columns: z.array(z.string()).min(1).max(2000).optional(),
  }),
]);
export type EntityRows = z.infer<typeof entityRows>;

/** How a training set is written. CSV has the names on top, an empty field where a value is missing, and times as ISO 8601 in UTC. */
export const retrievalFormat = z.enum(['parquet', 'csv']);

/** How many values of a feature are there, and why others are not. */
export const featureCounts = z.object({
  feature: z.string(),
  present: z.int(),
  /** PRESENT with the value null. */
  nulls: z.int(),
  expired: z.int(),
  notFound: z.int(),
});

/** What a retrieval gave: a training set with its own hash and all that it was made of. */
export const retrievedTrainingSet = z.object({
  trainingSetId: z.string(),
  contentSha256: sha256,
  /** In the format that was asked for: the entity rows' columns, then the features; one row per entity row, in their order. */
  data: storedObject,
  rows: z.int(),
  columns: z.array(z.object({ name: z.string(), type: columnType })),
  counts: z.array(featureCounts),
  /** What explains missing values, with the cure; empty where nothing does. */
  notes: z.array(z.string()),
  inputs: z.object({
    entityRows: z.object({
      type: z.string(),
      sha256,
      dataset: projectName.optional(),
      datasetVersion: z.int().optional(),
    }),
    featureService: z.object({ service: featureName, version: z.int() }).optional(),
    views: z.array(
      z.object({
        view: featureName,
        version: z.int(),
        dataset: projectName.optional(),
        datasetVersion: z.int().optional(),
        /** Of the files that its rows were read from. */
        sourceSha256: sha256,
      }),
    ),
    asOf: z.iso.datetime(),
  }),
});
export type RetrievedTrainingSet = z.infer<typeof retrievedTrainingSet>;

export const retrieval = z.object({
  retrievalId: z.string(),
  project: projectName,
  status: z.enum(['running', 'done', 'failed']),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().optional(),
  asOf: z.iso.datetime(),
  /** Where it runs. */
  place: z.enum(['function', 'processing-job']).optional(),
  failure: z.string().optional(),
  trainingSet: retrievedTrainingSet.optional(),
});
export type Retrieval = z.infer<typeof retrieval>;

/**
 * Point-in-time correct: for an entity row at time t the newest row of a view (by event time, then availability, then order of
 * arrival) that happened at t or before, was known at t, and was known to the platform at `asOf`; expired where it is older than the ttl.
 * FeatureServiceNotFound, FeatureViewNotFound, FeatureNotFound, InvalidFeatures, InvalidEntities, InvalidExpression, EntityFileNotFound,
 * DatasetNotTrainable; RoleMissing for another project's dataset whose viewer the caller is not. What only shows in the rows fails
 * the retrieval.
 */
export const getHistoricalFeatures = defineEndpoint({
  service: 'feature-store',
  operationId: 'getHistoricalFeatures',
  summary:
    'Makes a training set: features of many entities as they were known at given times. Answers at once; read it until it is done.',
  method: 'POST',
  path: '/v1/projects/{project}/historical-features',
  role: 'scientist',
  params: featureParams,
  query: noQuery,
  body: z
    .strictObject({
      featureService: featureName.optional(),
      version: z.int().min(1).optional(),
      features: z.array(z.string().max(130)).min(1).max(500).optional(),
      fullFeatureNames: z.boolean().optional(),
      entityRows,
      /** Now, where it is absent. */
      asOf: z.iso.datetime().optional(),
      format: retrievalFormat.default('parquet'),
    })
    .refine((body) => (body.featureService === undefined) !== (body.features === undefined), {
      message: 'name a featureService or features, not both',
    }),
  maxBodyBytes: 1_048_576,
  response: retrieval,
  successStatus: 202,
});

export const listHistoricalFeatures = defineEndpoint({
  service: 'feature-store',
  operationId: 'listHistoricalFeatures',
  summary: 'Retrievals of a project, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/historical-features',
  role: 'viewer',
  params: featureParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(retrieval), nextPageToken: z.string().optional() }),
});

/** RetrievalNotFound. `downloadUrl` holds for 15 minutes and is there when it is done. */
export const readHistoricalFeatures = defineEndpoint({
  service: 'feature-store',
  operationId: 'readHistoricalFeatures',
  summary: 'A retrieval and, when it is done, its training set and where to download it.',
  method: 'GET',
  path: '/v1/projects/{project}/historical-features/{retrievalId}',
  role: 'scientist',
  params: featureParams.extend({ retrievalId: pathId }),
  query: noQuery,
  body: z.undefined(),
  response: retrieval.extend({ downloadUrl: z.string().optional() }),
});

/** Where to send a file of entity rows (HTTP PUT); it is kept for a day. */
export const createEntityFile = defineEndpoint({
  service: 'feature-store',
  operationId: 'createEntityFile',
  summary: 'An address to send a file of entity rows to.',
  method: 'POST',
  path: '/v1/projects/{project}/entity-files',
  role: 'scientist',
  params: featureParams,
  query: noQuery,
  body: z.strictObject({ fileName: z.string().min(1).max(255) }),
  response: z.object({ fileId: z.string(), url: z.string(), expiresAt: z.iso.datetime() }),
  successStatus: 201,
});

export const historicalEndpoints = [
  getHistoricalFeatures,
  listHistoricalFeatures,
  readHistoricalFeatures,
  createEntityFile,
];
