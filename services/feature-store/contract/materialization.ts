import * as z from 'zod';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { pageToken, pathId, projectName } from '#shared/contracts/parts.ts';
import { featureName, noQuery, viewParams } from './definitions.ts';

/** incremental writes what changed since the last one; full writes every entity again. Both delete what is gone. */
export const materializationMode = z.enum(['incremental', 'full']);

/** One materialization of a view: from the offline store to the online store. */
export const materialization = z.object({
  materializationId: z.string(),
  project: projectName,
  view: featureName,
  viewVersion: z.int(),
  mode: materializationMode,
  occasion: z.enum(['manual', 'schedule', 'data', 'erasure', 'definition']),
  status: z.enum(['running', 'done', 'failed']),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().optional(),
  /** Rows that the platform came to know later are not in. */
  asOf: z.iso.datetime(),
  datasetVersion: z.int().optional(),
  progress: z.object({ parts: z.int(), partsDone: z.int(), rows: z.int(), rowsDone: z.int() }).optional(),
  /** Entities put, deleted, and left alone because a newer row was there. */
  written: z.object({ put: z.int(), deleted: z.int(), skipped: z.int() }).optional(),
  newestEventAt: z.iso.datetime().optional(),
  failure: z.string().optional(),
});
export type Materialization = z.infer<typeof materialization>;

/** FeatureViewNotFound, NotMaterializable (precondition_failed: a stream, or `online: false`), MaterializationRunning (conflict). */
export const materialize = defineEndpoint({
  service: 'feature-store',
  operationId: 'materialize',
  summary: 'Writes the newest values of a view to the online store. A request while one runs is refused.',
  method: 'POST',
  path: '/v1/projects/{project}/feature-views/{view}/materializations',
  role: 'scientist',
  params: viewParams,
  query: noQuery,
  body: z.strictObject({ mode: materializationMode.default('incremental') }),
  response: materialization,
  successStatus: 202,
});

export const listMaterializations = defineEndpoint({
  service: 'feature-store',
  operationId: 'listMaterializations',
  summary: 'Materializations of a view, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-views/{view}/materializations',
  role: 'viewer',
  params: viewParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(materialization), nextPageToken: z.string().optional() }),
});

/** MaterializationNotFound. */
export const readMaterialization = defineEndpoint({
  service: 'feature-store',
  operationId: 'readMaterialization',
  summary: 'A materialization with its progress.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-views/{view}/materializations/{materializationId}',
  role: 'viewer',
  params: viewParams.extend({ materializationId: pathId }),
  query: noQuery,
  body: z.undefined(),
  response: materialization,
});

/** MaterializationNotFound, MaterializationNotFailed (precondition_failed), MaterializationRunning. */
export const resumeMaterialization = defineEndpoint({
  service: 'feature-store',
  operationId: 'resumeMaterialization',
  summary: 'Lets a materialization that failed go on where it stopped.',
  method: 'POST',
  path: '/v1/projects/{project}/feature-views/{view}/materializations/{materializationId}/resumption',
  role: 'scientist',
  params: viewParams.extend({ materializationId: pathId }),
  query: noQuery,
  body: z.undefined(),
  response: materialization,
  successStatus: 202,
});

export const materializationEndpoints = [
  materialize,
  listMaterializations,
  readMaterialization,
  resumeMaterialization,
];
