import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName } from '#shared/contracts/parts.ts';

const release = {
  project: projectName,
  releaseId: z.string(),
  model: z.string(),
  modelVersion: z.int().min(1),
};

export const ReleaseRequested = defineEvent({
  service: 'deployment',
  name: 'ReleaseRequested',
  version: 1,
  description: 'Somebody asked for the release of a version that was in none; it begins.',
  data: z.object({
    ...release,
    /** The revision of the project that the release goes by. */
    projectRevision: z.int().min(1),
    reason: z.string().optional(),
  }),
});

export const DeploymentStarted = defineEvent({
  service: 'deployment',
  name: 'DeploymentStarted',
  version: 1,
  description: 'An approved version gets an endpoint of its own.',
  data: z.object({ ...release, endpointName: z.string(), mode: z.enum(['serverless', 'instances']) }),
});

export const TrafficShifted = defineEvent({
  service: 'deployment',
  name: 'TrafficShifted',
  version: 1,
  description: 'The routing record changed: shares of traffic per version, adding up to 1.',
  data: z.object({
    ...release,
    shares: z.array(z.object({ modelVersion: z.int().min(1), share: z.number().min(0).max(1) })),
    reason: z.string(),
  }),
});

export const DeploymentCompleted = defineEvent({
  service: 'deployment',
  name: 'DeploymentCompleted',
  version: 1,
  description: 'The version serves all traffic and is champion.',
  data: z.object({ ...release, endpointName: z.string(), previousVersion: z.int().min(1).optional() }),
});

export const DeploymentRolledBack = defineEvent({
  service: 'deployment',
  name: 'DeploymentRolledBack',
  version: 1,
  description: 'The version got no traffic any more; the version before serves again.',
  data: z.object({
    ...release,
    reason: z.string(),
    alarms: z.array(z.string()),
    toVersion: z.int().min(1).optional(),
    automatic: z.boolean(),
  }),
});

export const ReleaseRejected = defineEvent({
  service: 'deployment',
  name: 'ReleaseRejected',
  version: 1,
  description:
    'A registered version will not be deployed: a gate failed, people rejected it, or nobody answered.',
  data: z.object({ ...release, step: z.enum(['gates', 'approval', 'deployment']), reason: z.string() }),
});

export const EndpointRetired = defineEvent({
  service: 'deployment',
  name: 'EndpointRetired',
  version: 1,
  description: 'An endpoint without traffic was deleted after its grace time.',
  data: z.object({ ...release, endpointName: z.string() }),
});
