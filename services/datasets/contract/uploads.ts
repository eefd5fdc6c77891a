import * as z from 'zod';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { pageToken, projectName } from '#shared/contracts/parts.ts';

const projectParams = z.object({ project: projectName });
const noQuery = z.object({});

/** Path of a file within an upload: names without `.` at their beginning, as far as `dt=2026-11-01/` wants. */
const fileName = z
  .string()
  .max(512)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._=+-]{0,127}(\/[A-Za-z0-9_][A-Za-z0-9._=+-]{0,127}){0,7}$/,
    'must be a file name, or folders and a file name, of letters, digits and . _ = + -',
  );
/** Groups the files of one upload; ends with its completion marker. */
const folder = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must hold at most 64 letters, digits, _ and -');

export const createUpload = defineEndpoint({
  service: 'datasets',
  operationId: 'createUpload',
  summary:
    'A presigned address that takes one file by HTTP PUT within 15 minutes. Files of one folder become one version when its marker (_manifest.json or _SUCCESS) arrives.',
  method: 'POST',
  path: '/v1/projects/{project}/uploads',
  role: 'scientist',
  params: projectParams,
  query: noQuery,
  body: z.strictObject({ fileName, folder: folder.optional(), bytes: z.int().min(0) }),
  response: z.object({
    url: z.string(),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()),
    bucket: z.string(),
    key: z.string(),
  }),
  successStatus: 201,
});

/** A multipart upload (Amazon S3) that the platform began for somebody. */
const multipart = z.object({ key: z.string().min(1).max(1024), uploadId: z.string().min(1).max(1024) });

export const createMultipartUpload = defineEndpoint({
  service: 'datasets',
  operationId: 'createMultipartUpload',
  summary: 'Begins an upload in parts, which goes on where it stopped. S3 forgets it after 7 days.',
  method: 'POST',
  path: '/v1/projects/{project}/multipart-uploads',
  role: 'scientist',
  params: projectParams,
  query: noQuery,
  body: z.strictObject({ fileName, folder: folder.optional(), bytes: z.int().min(1) }),
  response: multipart.extend({
    bucket: z.string(),
    /** Every part but the last has so many bytes. */ partBytes: z.int(),
    parts: z.int(),
  }),
  successStatus: 201,
});

export const signUploadParts = defineEndpoint({
  service: 'datasets',
  operationId: 'signUploadParts',
  summary: 'Presigned addresses for parts of an upload, and the parts that are there already.',
  method: 'POST',
  path: '/v1/projects/{project}/multipart-uploads/parts',
  role: 'scientist',
  params: projectParams,
  query: noQuery,
  body: multipart.extend({ partNumbers: z.array(z.int().min(1).max(10_000)).max(100) }).strict(),
  response: z.object({
    parts: z.array(z.object({ partNumber: z.int(), url: z.string() })),
    uploaded: z.array(z.object({ partNumber: z.int(), bytes: z.int(), etag: z.string() })),
  }),
});

export const completeMultipartUpload = defineEndpoint({
  service: 'datasets',
  operationId: 'completeMultipartUpload',
  summary: 'Puts the parts of an upload together: from here on it is an upload like any other.',
  method: 'POST',
  path: '/v1/projects/{project}/multipart-uploads/completion',
  role: 'scientist',
  params: projectParams,
  query: noQuery,
  body: multipart.strict(),
  response: z.object({ key: z.string(), bytes: z.int() }),
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
        /** Files that it had; absent for one. */ files: z.int().optional(),
        reasons: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
      }),
    ),
    nextPageToken: z.string().optional(),
  }),
});

export const uploadEndpoints = [
  createUpload,
  createMultipartUpload,
  signUploadParts,
  completeMultipartUpload,
  listUploads,
];
