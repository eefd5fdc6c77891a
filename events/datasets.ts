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
  description: 'An upload became an immutable, content-addressed version of the project’s dataset.',
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
    source: uploadSource,
    projectRevision: z.int().min(1),
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
          ]),
          message: z.string(),
        }),
      )
      .min(1),
  }),
});
