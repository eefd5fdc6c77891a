import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { metricValues, projectName } from '#shared/contracts/parts.ts';

export const RunFinished = defineEvent({
  service: 'tracking',
  name: 'RunFinished',
  version: 1,
  description: 'A run reached a final status.',
  data: z.object({
    project: projectName,
    experimentId: z.string(),
    runId: z.string(),
    status: z.enum(['FINISHED', 'FAILED', 'KILLED']),
    metrics: metricValues,
  }),
});

/** Tags by name; long values are cut. */
const changedTags = {
  setTags: z.record(z.string(), z.string()).optional(),
  removedTags: z.array(z.string()).optional(),
};

export const ExperimentChanged = defineEvent({
  service: 'tracking',
  name: 'ExperimentChanged',
  version: 1,
  description: 'An experiment was created, renamed, tagged, deleted, restored, or removed for good.',
  data: z.object({
    project: projectName,
    experimentId: z.string(),
    /** Its name after the change. */
    name: z.string(),
    change: z.enum(['created', 'renamed', 'tagged', 'deleted', 'restored', 'purged']),
    formerName: z.string().optional(),
    ...changedTags,
  }),
});

export const RunChanged = defineEvent({
  service: 'tracking',
  name: 'RunChanged',
  version: 1,
  description: 'A run was deleted, restored or removed for good, or its tags changed after it had ended.',
  data: z.object({
    project: projectName,
    experimentId: z.string(),
    runId: z.string(),
    runName: z.string(),
    change: z.enum(['tagged', 'deleted', 'restored', 'purged']),
    ...changedTags,
  }),
});
