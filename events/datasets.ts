import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { columnSchema, projectName, sha256, storedObject } from '#shared/contracts/parts.ts';

/** Where an upload came from: the S3 object as it was uploaded. */
export const uploadSource = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().optional(),
  sequencer: z.string().optional(),
});

export const DatasetVersionCreated = defineEvent({
  service: 'datasets',
  name: 'DatasetVersionCreated',
  version: 1,
  description:
    'An upload became an immutable, content-addressed version of the project’s dataset, or an older version was restored as the newest.',
  data: z.object({
    project: projectName,
    /** Counts 1, 2, 3 per project. */
    datasetVersion: z.int().min(1),
    /** Hash of the manifest: the identity of the content. */
    contentSha256: sha256,
    /** JSON document naming the version’s objects (datasets/contract.ts: datasetManifest). */
    manifest: storedObject,
    rows: z.int().min(0),
    bytes: z.int().min(0),
    columns: z.array(columnSchema).max(2000),
    parentVersion: z.int().min(1).optional(),
    /** The upload that brought it; of a restored version the one that brought the restored content. */
    source: uploadSource,
    projectRevision: z.int().min(1),
    /** The older version whose content it has, where somebody restored that one, and why. */
    restoredFrom: z.int().min(1).optional(),
    restorationReason: z.string().optional(),
  }),
});

export const DatasetVersionRejected = defineEvent({
  service: 'datasets',
  name: 'DatasetVersionRejected',
  version: 1,
  description: 'An upload could not become a version; nothing downstream happens.',
  data: z.object({
    project: z.string(),
    source: uploadSource,
    reasons: z
      .array(
        z.object({
          code: z.enum([
            'UnknownProject',
            'EmptyUpload',
            'UploadTooLarge',
            'UnreadableUpload',
            'TruncatedUpload',
            'MissingColumns',
            'InvalidUploadKey',
            'UploadTooDeep',
            'IncompleteUpload',
            'ChangedUpload',
            'UnsupportedEncoding',
          ]),
          message: z.string(),
        }),
      )
      .min(1),
  }),
});

export const DatasetTagMoved = defineEvent({
  service: 'datasets',
  name: 'DatasetTagMoved',
  version: 1,
  description: 'A tag was put on a dataset version, or taken away.',
  data: z.object({
    project: projectName,
    tag: z.string(),
    /** Absent where the tag was taken away. */
    datasetVersion: z.int().min(1).optional(),
    /** Where it was before. */
    from: z.int().min(1).optional(),
  }),
});

export const DatasetDiffRequested = defineEvent({
  service: 'datasets',
  name: 'DatasetDiffRequested',
  version: 1,
  description: 'Somebody wants to know what differs between two versions and nobody had computed it before.',
  data: z.object({ project: projectName, from: z.int().min(1), to: z.int().min(1) }),
});

export const DatasetVersionExpired = defineEvent({
  service: 'datasets',
  name: 'DatasetVersionExpired',
  version: 1,
  description: 'The retention policy removed the content of a version that no model was trained on.',
  data: z.object({
    project: projectName,
    datasetVersion: z.int().min(1),
    contentSha256: sha256,
    /** The objects that no kept version shares, and that are gone. */
    removedObjects: z.int().min(0),
    removedBytes: z.int().min(0),
  }),
});

export const DatasetErasureRequested = defineEvent({
  service: 'datasets',
  name: 'DatasetErasureRequested',
  version: 1,
  description: 'The rows of a data subject are to be erased from every version. Keys are named by hash only.',
  data: z.object({
    project: projectName,
    erasureId: z.string(),
    reason: z.string(),
    keys: z.int().min(1),
    /** SHA-256 of erasure id and key, in the order that the keys were given. */
    keyDigests: z.array(sha256).max(100),
  }),
});

export const DatasetErasureCompleted = defineEvent({
  service: 'datasets',
  name: 'DatasetErasureCompleted',
  version: 1,
  description:
    'The rows of a data subject are gone from every version; the certificate says what was rewritten. One fact per 300 versions, each with its own.',
  data: z.object({
    project: projectName,
    erasureId: z.string(),
    rowsErased: z.int().min(0),
    versions: z
      .array(
        z.object({
          datasetVersion: z.int().min(1),
          rowsErased: z.int().min(0),
          contentSha256Before: sha256,
          contentSha256: sha256,
          /** The version's manifest from now on. */
          manifest: storedObject,
        }),
      )
      .max(300),
    /** JSON document (datasets/contract.ts: erasureCertificate). */
    certificate: storedObject,
    /** The keys themselves, for consumers that hold copies (datasets/contract.ts: erasureKeys); the object is deleted after 7 days. */
    keys: storedObject,
  }),
});
