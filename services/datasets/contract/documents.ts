import * as z from 'zod';
import { columnSchema, projectName, sha256, storedObject } from '#shared/contracts/parts.ts';
import { fileReading } from '#shared/data-files/reading.ts';

/** `_manifest.json` of a folder: the files that make up the upload, by their path in the folder. */
export const uploadManifest = z.strictObject({
  files: z
    .array(z.strictObject({ path: z.string().min(1).max(900), bytes: z.int().min(0), sha256 }))
    .min(1)
    .max(10_000),
});

/** A file of a version as it was uploaded, at its content address. */
export const manifestObject = storedObject.extend({
  rows: z.int().min(0),
  /** When the platform came to know these rows. */ availableAt: z.iso.datetime(),
  /** How its bytes become rows. */ reading: fileReading,
  /** Its path in the upload: what a checkout calls it. */ path: z.string(),
  /** Columns that its path names (`dt=2026-11-01/`): the same in all its rows. */
  partition: z.record(z.string(), z.string()).optional(),
});

/** The document behind a version: content-addressed objects in the order that they came. Appends share the parent’s objects. */
export const datasetManifest = z.object({
  schemaVersion: z.literal(2),
  project: projectName,
  columns: z.array(columnSchema),
  /** Empty only where an erasure took all rows. */ objects: z.array(manifestObject),
});
export type DatasetManifest = z.infer<typeof datasetManifest>;
export type ManifestObject = z.infer<typeof manifestObject>;

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
  /** The older version whose content it has, where somebody restored that one, and why. */
  restoredFrom: z.int().min(1).optional(),
  restorationReason: z.string().optional(),
  /** When the retention policy removed its content. */
  expiredAt: z.iso.datetime().optional(),
  /** Erasures that rewrote it, oldest first, and the content it had before. */
  erasures: z
    .array(z.object({ erasureId: z.string(), at: z.iso.datetime(), contentSha256Before: sha256 }))
    .optional(),
});
