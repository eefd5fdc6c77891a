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
