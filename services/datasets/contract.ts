import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { columnSchema, pageToken, projectName, sha256, storedObject } from '#shared/contracts/parts.ts';

/** Uploads begin with this in the uploads bucket: `incoming/<project>/<file>`. */
export const incomingPrefix = 'incoming/';

/** The document behind a version: content-addressed objects in the order that they came. Appends share the parent’s objects. */
export const datasetManifest = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  format: z.enum(['csv', 'parquet']),
  columns: z.array(columnSchema),
  objects: z
    .array(
      storedObject.extend({
        rows: z.int().min(0),
        /** When the platform came to know these rows. */ availableAt: z.iso.datetime(),
      }),
    )
    .min(1),
});
export type DatasetManifest = z.infer<typeof datasetManifest>;

export const datasetVersion = z.object({
  project: projectName,
  datasetVersion: z.int().min(1),
  contentSha256: sha256,
  manifest: storedObject,
  rows: z.int(),
  bytes: z.int(),
  columns: z.array(columnSchema),
  parentVersion: z.int().optional(),
  createdAt: z.iso.datetime(),
  sourceKey: z.string(),
  projectRevision: z.int(),
});

export const getDatasetVersion = defineQuery({
  service: 'datasets',
  name: 'get-dataset-version',
  description: 'One version of a project’s dataset; DatasetVersionNotFound.',
  input: z.object({ project: projectName, datasetVersion: z.int().min(1) }),
  output: datasetVersion,
});

const projectParams = z.object({ project: projectName });

export const createUpload = defineEndpoint({
  service: 'datasets',
  operationId: 'createUpload',
  summary: 'A presigned address that takes one file by HTTP PUT within 15 minutes.',
  method: 'POST',
  path: '/v1/projects/{project}/uploads',
  role: 'scientist',
  params: projectParams,
  query: z.object({}),
  body: z.strictObject({
    fileName: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
    bytes: z.int().min(1),
  }),
  response: z.object({
    url: z.string(),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()),
    bucket: z.string(),
    key: z.string(),
  }),
  successStatus: 201,
});

export const listUploads = defineEndpoint({
  service: 'datasets',
  operationId: 'listUploads',
  summary: 'Uploads and what became of each, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/uploads',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({
    items: z.array(
      z.object({
        key: z.string(),
        receivedAt: z.string(),
        status: z.enum(['created', 'unchanged', 'rejected']),
        datasetVersion: z.int().optional(),
        reasons: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
      }),
    ),
    nextPageToken: z.string().optional(),
  }),
});

export const listDatasetVersions = defineEndpoint({
  service: 'datasets',
  operationId: 'listDatasetVersions',
  summary: 'Versions of the project’s dataset, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(datasetVersion), nextPageToken: z.string().optional() }),
});

export const endpoints = [createUpload, listUploads, listDatasetVersions];
