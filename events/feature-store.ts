import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName, sha256 } from '#shared/contracts/parts.ts';

export const TrainingSetBuilt = defineEvent({
  service: 'feature-store',
  name: 'TrainingSetBuilt',
  version: 1,
  description: 'A point-in-time correct training set was built and split.',
  data: z.object({
    project: projectName,
    trainingSetId: z.string(),
    datasetVersion: z.int().min(1),
    /** No row that the platform came to know after this instant is in the set. */
    asOf: z.iso.datetime(),
    contentSha256: sha256,
    rows: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
    featureNames: z.array(z.string()),
  }),
});
