import * as z from 'zod';
import { datasheet } from '#services/projects/contract.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import {
  columnSchema,
  pageToken,
  pathId,
  projectName,
  sha256,
  storedObject,
} from '#shared/contracts/parts.ts';
import { datasetVersion, manifestObject } from './documents.ts';

const projectParams = z.object({ project: projectName });
const versionParams = projectParams.extend({ datasetVersion: z.coerce.number().int().min(1) });
const noQuery = z.object({});

export const listDatasetVersions = defineEndpoint({
  service: 'datasets',
  operationId: 'listDatasetVersions',
  summary: 'Versions of the project’s dataset, newest first; with `at` the one that was current then.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken, at: z.iso.datetime({ offset: true }).optional() }),
  body: z.undefined(),
  response: z.object({ items: z.array(datasetVersion), nextPageToken: z.string().optional() }),
});

/** DatasetVersionNotFound. */
export const readDatasetVersion = defineEndpoint({
  service: 'datasets',
  operationId: 'readDatasetVersion',
  summary: 'A version with its tags, what it is used by, and the dataset’s datasheet.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}',
  role: 'viewer',
  params: versionParams,
  query: noQuery,
  body: z.undefined(),
  response: datasetVersion.extend({
    tags: z.array(z.string()),
    datasheet: datasheet.optional(),
    /** Whether a training set was built of it: retention never removes it. */ trainedOn: z.boolean(),
  }),
});

/** DatasetVersionNotFound, DatasetVersionGone, DatasetUnchanged (precondition_failed) where the newest version holds the content already. */
export const restoreDatasetVersion = defineEndpoint({
  service: 'datasets',
  operationId: 'restoreDatasetVersion',
  summary:
    'Makes the next version with the content of an older one: what came in between is in no later version.',
  method: 'POST',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/restoration',
  role: 'scientist',
  params: versionParams,
  query: noQuery,
  body: z.strictObject({ reason: z.string().min(1).max(1000) }),
  response: datasetVersion,
  successStatus: 201,
});

/** DatasetVersionNotFound, DatasetVersionGone (precondition_failed) where retention removed the content. */
export const listDatasetFiles = defineEndpoint({
  service: 'datasets',
  operationId: 'listDatasetFiles',
  summary: 'The files of a version as they were uploaded, with presigned addresses for 15 minutes.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/files',
  role: 'scientist',
  params: versionParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({
    items: z.array(manifestObject.extend({ url: z.string() })),
    nextPageToken: z.string().optional(),
  }),
});

/**
 * Rows between two versions. `primaryKey`: by the contract's primary key; of several rows with one key the newest counts (by availability,
 * then order in the version), and rows without a key count by their content. `wholeRows`, where a version lacks that column: rows
 * with their multiplicity, so that a change is one removed and one added.
 */
export const datasetDiff = z.object({
  from: z.int(),
  to: z.int(),
  comparedBy: z.enum(['primaryKey', 'wholeRows']),
  /** Absent where whole rows were compared. */ primaryKey: z.string().optional(),
  rowsAdded: z.int(),
  rowsRemoved: z.int(),
  rowsChanged: z.int(),
  rowsUnchanged: z.int(),
  columnsAdded: z.array(columnSchema),
  columnsRemoved: z.array(columnSchema),
  columnsRetyped: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
  /** Per column: in how many rows that are in both its value differs. Only where it does. */
  changedValues: z.record(z.string(), z.int()),
  /** At most 20 of each, and 50 columns of each; sensitive columns masked, long texts cut. */
  examples: z.array(
    z.object({
      change: z.enum(['added', 'removed', 'changed']),
      key: z.string(),
      values: z.record(z.string(), z.object({ from: z.string().nullable(), to: z.string().nullable() })),
    }),
  ),
});

/** DatasetVersionNotFound, DatasetVersionGone, InvalidDiff where `from` is not older. A failed one is tried again when it is asked for a minute later. */
export const diffDatasetVersions = defineEndpoint({
  service: 'datasets',
  operationId: 'diffDatasetVersions',
  summary:
    'Rows added, removed and changed by primary key since an older version, and changes of columns. Computed once: ask again while it is `running`.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/diff',
  role: 'viewer',
  params: versionParams,
  query: z.object({ from: z.coerce.number().int().min(1) }),
  body: z.undefined(),
  response: z.discriminatedUnion('status', [
    z.object({ status: z.literal('running') }),
    z.object({ status: z.literal('failed'), reason: z.string() }),
    z.object({ status: z.literal('done'), diff: datasetDiff }),
  ]),
});

const tagParams = projectParams.extend({
  tag: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9._-]{0,63}$/,
      'must begin with a letter and hold at most 64 letters, digits, . _ and -',
    ),
});

export const listDatasetTags = defineEndpoint({
  service: 'datasets',
  operationId: 'listDatasetTags',
  summary: 'Tags and the versions that they are on.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-tags',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({
    items: z.array(
      z.object({
        tag: z.string(),
        datasetVersion: z.int(),
        taggedAt: z.iso.datetime(),
        taggedBy: z.string(),
      }),
    ),
    nextPageToken: z.string().optional(),
  }),
});

export const putDatasetTag = defineEndpoint({
  service: 'datasets',
  operationId: 'putDatasetTag',
  summary: 'Puts a tag on a version; it leaves the one that it was on. A tagged version is kept.',
  method: 'PUT',
  path: '/v1/projects/{project}/dataset-tags/{tag}',
  role: 'scientist',
  params: tagParams,
  query: noQuery,
  body: z.strictObject({ datasetVersion: z.int().min(1) }),
  response: z.object({ tag: z.string(), datasetVersion: z.int(), from: z.int().optional() }),
});

export const deleteDatasetTag = defineEndpoint({
  service: 'datasets',
  operationId: 'deleteDatasetTag',
  summary: 'Takes a tag away.',
  method: 'DELETE',
  path: '/v1/projects/{project}/dataset-tags/{tag}',
  role: 'scientist',
  params: tagParams,
  query: noQuery,
  body: z.undefined(),
  response: z.object({ tag: z.string(), from: z.int() }),
});

/** What an erasure rewrote: the proof that a data subject's rows are gone. Keys are named by digest only. */
export const erasureCertificate = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  erasureId: z.string(),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  reason: z.string(),
  /** SHA-256 of `<erasureId>\n<key>`: who knows the key can check it, nobody can read it off. */
  keyDigests: z.array(sha256),
  versions: z.array(
    z.object({
      datasetVersion: z.int(),
      rowsErased: z.int(),
      contentSha256Before: sha256,
      contentSha256: sha256,
    }),
  ),
  objects: z.array(z.object({ before: sha256, after: sha256.optional(), rowsErased: z.int() })),
  /** Uploads whose objects were deleted, all their S3 versions. */
  uploadsDeleted: z.array(z.string()),
  /** What was made of the rows and still knows them, for people to decide on: models trained on them. */
  remaining: z.array(z.object({ kind: z.string(), id: z.string(), why: z.string() })),
});

/** The object that `DatasetErasureCompleted.keys` names, for consumers that hold copies of rows. It is deleted 7 days later. */
export const erasureKeys = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  erasureId: z.string(),
  /** Column that the keys are values of. */ primaryKey: z.string(),
  primaryKeys: z.array(z.string()).min(1),
  /** Keeps the hash of this document from being guessed. */ nonce: z.string(),
});

/** An erasure as it is asked for and shown. */
export const erasure = z.object({
  erasureId: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().optional(),
  reason: z.string(),
  keys: z.int(),
  rowsErased: z.int().optional(),
  failure: z.string().optional(),
  certificate: storedObject.optional(),
});

/** ErasureRunning (conflict) while another one of the project works, NothingToErase where nothing was uploaded yet. */
export const requestErasure = defineEndpoint({
  service: 'datasets',
  operationId: 'requestErasure',
  summary: 'Erases the rows of data subjects, by primary key, from every version. Cannot be undone.',
  method: 'POST',
  path: '/v1/projects/{project}/erasures',
  role: 'admin',
  params: projectParams,
  query: noQuery,
  body: z.strictObject({
    primaryKeys: z.array(z.string().min(1).max(1000)).min(1).max(100),
    reason: z.string().min(1).max(1000),
  }),
  response: erasure,
  successStatus: 202,
});

export const listErasures = defineEndpoint({
  service: 'datasets',
  operationId: 'listErasures',
  summary: 'Erasures of a project, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/erasures',
  role: 'admin',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(erasure), nextPageToken: z.string().optional() }),
});

/** ErasureNotFound. */
export const readErasure = defineEndpoint({
  service: 'datasets',
  operationId: 'readErasure',
  summary: 'An erasure and, when it is done, its certificate.',
  method: 'GET',
  path: '/v1/projects/{project}/erasures/{erasureId}',
  role: 'admin',
  params: projectParams.extend({ erasureId: pathId }),
  query: noQuery,
  body: z.undefined(),
  response: erasure.extend({ certificateText: erasureCertificate.optional() }),
});

/** ErasureNotFound, ErasureNotFailed, ErasureKeysGone (precondition_failed) a week after it failed, ErasureRunning. */
export const resumeErasure = defineEndpoint({
  service: 'datasets',
  operationId: 'resumeErasure',
  summary: 'Lets an erasure that failed go on where it stopped.',
  method: 'POST',
  path: '/v1/projects/{project}/erasures/{erasureId}/resumption',
  role: 'admin',
  params: projectParams.extend({ erasureId: pathId }),
  query: noQuery,
  body: z.undefined(),
  response: erasure,
  successStatus: 202,
});

export const versionEndpoints = [
  listDatasetVersions,
  readDatasetVersion,
  restoreDatasetVersion,
  listDatasetFiles,
  diffDatasetVersions,
  listDatasetTags,
  putDatasetTag,
  deleteDatasetTag,
  requestErasure,
  listErasures,
  readErasure,
  resumeErasure,
];
