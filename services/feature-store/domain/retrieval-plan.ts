import * as z from 'zod';
import { columnType, projectName, sha256, storedObject } from '#shared/contracts/parts.ts';
import {
  featureServiceVersion,
  featureValue,
  featureViewVersion,
  joinKey,
  pinnedView,
  retrievalFormat,
  retrievedTrainingSet,
} from '../contract.ts';

const entities = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('rows'),
    rows: z.array(z.record(z.string(), featureValue)),
    eventTimestamp: z.string(),
  }),
  z.object({
    type: z.literal('file'),
    uri: z.string(),
    bytes: z.number(),
    eventTimestamp: z.string(),
  }),
  z.object({
    type: z.literal('dataset'),
    dataset: projectName,
    datasetVersion: z.int(),
    validated: storedObject,
    eventTimestamp: z.string(),
    /** Columns of the dataset with their types, for the condition. */
    types: z.record(z.string(), columnType),
    where: z.string().optional(),
    columns: z.array(z.string()).optional(),
  }),
]);

/** What was asked for with nothing left open: all versions named, and where each row is read from. Claim check of the request. */
export const retrievalPlan = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  retrievalId: z.string(),
  asOf: z.iso.datetime(),
  entityRows: entities,
  /** Absent where features were named one by one. */
  service: featureServiceVersion.optional(),
  views: z.array(
    z.object({
      pinned: pinnedView,
      definition: featureViewVersion,
      found: z.object({
        objects: z.array(z.object({ object: storedObject, format: z.enum(['parquet', 'jsonl']) })),
        dataset: projectName.optional(),
        datasetVersion: z.int().optional(),
        sourceSha256: sha256,
        erased: z
          .array(
            z.object({
              erasureId: z.string(),
              joinKeys: z.array(joinKey).readonly(),
              keyDigests: z.array(sha256).readonly(),
              requestedAt: z.iso.datetime(),
            }),
          )
          .readonly()
          .optional(),
      }),
    }),
  ),
  /** What is answered, in order. */
  outputs: z.array(z.object({ name: z.string(), type: columnType })),
  format: retrievalFormat,
});
export type RetrievalPlan = z.infer<typeof retrievalPlan>;
export type PlannedEntities = RetrievalPlan['entityRows'];

/** What came of it. */
export const retrievalOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('retrieved'), trainingSet: retrievedTrainingSet }),
  /** However often it is tried: what was asked cannot be answered. */
  z.object({ kind: z.literal('refused'), failure: z.string() }),
  /** An object that the plan names is not there any more, or is another. */
  z.object({ kind: z.literal('changed'), failure: z.string() }),
]);
export type RetrievalOutcome = z.infer<typeof retrievalOutcome>;

/** Every object that a retrieval reads and whose hash is known, once. */
export function objectsOfPlan({ entityRows, views }: RetrievalPlan): z.infer<typeof storedObject>[] {
  const all = [
    ...(entityRows.type === 'dataset' ? [entityRows.validated] : []),
    ...views.flatMap(({ found }) => found.objects.map(({ object }) => object)),
  ];
  return [...new Map(all.map((object) => [object.uri, object])).values()];
}
