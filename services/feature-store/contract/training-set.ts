import * as z from 'zod';
import { modelSignature } from '#events/registry.ts';
import { defineQuery, defineTask } from '#shared/contracts/call.ts';
import { projectName, sha256, storedObject } from '#shared/contracts/parts.ts';

/** One split, in the shapes that its readers want. CSV without header. */
export const trainingSet = z.object({
  trainingSetId: z.string(),
  contentSha256: sha256,
  asOf: z.iso.datetime(),
  datasetVersion: z.int(),
  datasetSha256: sha256,
  /** With the feature service that it was made with, pinned, where the project names one. */
  signature: modelSignature,
  /** Versions of the views that features came from, with the dataset versions that their rows were read from. */
  views: z
    .array(
      z.object({
        view: z.string(),
        version: z.int(),
        dataset: projectName.optional(),
        datasetVersion: z.int().optional(),
        sourceSha256: sha256,
      }),
    )
    .optional(),
  rows: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
  /** Label first, then features in the signature’s order: what SageMaker XGBoost reads. */
  train: storedObject,
  validation: storedObject,
  /** Features only, in the signature’s order: what a transform job reads. */
  testFeatures: storedObject,
  /** Label, then primary key; rows in the order of testFeatures. */
  testLabels: storedObject,
  /** Features only, of the train split: what monitoring takes as reference. */
  trainFeatures: storedObject,
});
export type TrainingSet = z.infer<typeof trainingSet>;

/** The training set of a project that was built last; `trainingSet` is absent in the answer before the first. */
export const getNewestTrainingSet = defineQuery({
  service: 'feature-store',
  name: 'get-newest-training-set',
  description: 'The training set that was built last for a project.',
  input: z.object({ project: projectName }),
  output: z.object({ trainingSet: trainingSet.optional() }),
});

/**
 * Builds the training set of a validated dataset version: the newest row per primary key that was known at `asOf` (and, with an
 * event time, happened by then), split by a seeded hash of the primary key so that a row stays in its split whatever is added.
 * Labels are class indices for classification. Same input, same bytes. Errors: NoTrainingRows, TooFewClasses.
 */
export const buildTrainingSet = defineTask({
  service: 'feature-store',
  name: 'build-training-set',
  description: 'Point-in-time correct, split training set.',
  input: z.object({
    project: projectName,
    projectRevision: z.int().min(1),
    datasetVersion: z.int().min(1),
    asOf: z.iso.datetime(),
  }),
  output: trainingSet,
});
