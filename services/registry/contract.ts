import * as z from 'zod';
import { DeploymentCompleted, DeploymentRolledBack, ReleaseRejected } from '#events/deployment.ts';
import {
  type ModelSignature,
  ModelVersionQuarantined,
  ModelVersionRegistered,
  ModelVersionRegisteredV2,
  versionContent,
} from '#events/registry.ts';
import { defineQuery, defineTask } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { actorSchema, type EventDefinition } from '#shared/contracts/event.ts';
import { pageToken, projectName, sha256 } from '#shared/contracts/parts.ts';

/** What is known of a version when it is registered: the event’s data without the number. */
const registration = ModelVersionRegistered.data.omit({ modelVersion: true });

/** What every version has, whoever made it. */
const versionState = {
  status: z.enum(['READY', 'QUARANTINED']),
  /** Why it is in quarantine. */
  statusReason: z.string().optional(),
  createdAt: z.iso.datetime(),
  aliases: z.array(z.string()),
};

/** A version that a training of the platform registered. */
export const trainedVersion = ModelVersionRegistered.data.extend({
  origin: z.literal('training'),
  ...versionState,
});
export type TrainedVersion = z.infer<typeof trainedVersion>;

/** A version that a client registered: no training of the platform knows it, so it has no recipe, signature or metrics of one. */
export const registeredByClient = ModelVersionRegisteredV2.data.extend({
  /** What was found behind its source; absent until somebody has looked. */
  content: versionContent.optional(),
  ...versionState,
});
export type VersionOfClient = z.infer<typeof registeredByClient>;

/** A registered version. Model name = project name; numbers count 1, 2, 3 and are never reused; immutable but for status and aliases. */
export const modelVersion = z.discriminatedUnion('origin', [trainedVersion, registeredByClient]);
export type ModelVersion = z.infer<typeof modelVersion>;

export const isTrained = (version: ModelVersion): version is TrainedVersion => version.origin === 'training';

/**
 * Whether two models mean the same by a row and by an answer: the same columns in one order, read of the same feature service version where
 * they are read of one, the same question and the same classes. Only such models are compared on the same held-out rows.
 */
export function answersAlike(a: ModelSignature, b: ModelSignature): boolean {
  const meaning = ({ task, inputs, target, classes, featureService }: ModelSignature) =>
    JSON.stringify([
      task,
      target,
      inputs.map(({ name, type }) => [name, type]),
      classes,
      featureService ? [featureService.service, featureService.version] : null,
    ]);
  return meaning(a) === meaning(b);
}

/** Artifacts of experiments lie below this prefix of the models bucket, as MLflow's clients name them after `mlflow-artifacts:/`. */
export const artifactPrefix = 'mlflow/';
/** Manifests lie below this prefix of the models bucket, named by their content. */
export const manifestPrefix = 'registry/content/';

/** The bytes of a version, object by object: a file of the registry in the models bucket, named by an event's or an item's claim check. */
export const contentManifest = z.object({
  schemaVersion: z.literal(1),
  /** `s3://<bucket>/<key>`: objects lie below it; the one with an empty path is this key itself. */
  location: z.string().startsWith('s3://'),
  objects: z.array(
    z.object({ path: z.string(), bytes: z.int().min(0), sha256, versionId: z.string().optional() }),
  ),
});

/** Metric, in the stage's namespace: versions that were quarantined. Its dimension is the service. */
export const quarantinedVersionsMetric = 'QuarantinedVersions';

/** Idempotent by trainingId: the same training registers one version. Also moves the alias `challenger` to it. */
export const registerModelVersion = defineTask({
  service: 'registry',
  name: 'register-model-version',
  description: 'Registers a trained model; its release begins with the event.',
  input: registration,
  output: z.object({ model: z.string(), modelVersion: z.int().min(1) }),
});

/** Points an alias to a version, with history; to the version it has already is a no-op. Errors: ModelVersionNotFound. */
export const moveAlias = defineTask({
  service: 'registry',
  name: 'move-alias',
  description: 'Moves an alias as part of a release.',
  input: z.object({
    project: projectName,
    alias: z.enum(['champion', 'challenger']),
    modelVersion: z.int().min(1),
    reason: z.string(),
  }),
  output: z.object({ fromVersion: z.int().optional() }),
});

export const getModelVersion = defineQuery({
  service: 'registry',
  name: 'get-model-version',
  description: 'A version by number or by alias; `version` is absent in the answer when there is none.',
  input: z.object({
    project: projectName,
    modelVersion: z.int().min(1).optional(),
    alias: z.string().optional(),
  }),
  output: z.object({ version: modelVersion.optional() }),
});

const projectParams = z.object({ project: projectName });

export const listModelVersions = defineEndpoint({
  service: 'registry',
  operationId: 'listModelVersions',
  summary: 'Versions of the project’s model, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/model-versions',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(modelVersion), nextPageToken: z.string().optional() }),
});

export const readModelVersion = defineEndpoint({
  service: 'registry',
  operationId: 'readModelVersion',
  summary: 'One version of the project’s model.',
  method: 'GET',
  path: '/v1/projects/{project}/model-versions/{modelVersion}',
  role: 'viewer',
  params: z.object({ project: projectName, modelVersion: z.coerce.number().int().min(1) }),
  query: z.object({}),
  body: z.undefined(),
  response: modelVersion,
});

const aliasMove = z.object({
  /** Whose the model is. */
  project: z.string(),
  alias: z.string(),
  fromVersion: z.int().optional(),
  /** Absent where the alias was deleted. */
  toVersion: z.int().optional(),
  movedAt: z.string(),
  /** Who began what moved it. */
  movedBy: actorSchema,
  reason: z.string(),
});
const aliasMoves = z.object({ items: z.array(aliasMove), nextPageToken: z.string().optional() });
const aliasAtTime = z.object({
  model: z.string(),
  alias: z.string(),
  time: z.string(),
  /** Absent where the alias pointed to no version. */
  modelVersion: z.int().optional(),
  /** The move that made it so. */
  move: aliasMove.optional(),
});
/** Now where it is left out. */
const timeQuery = z.object({ time: z.iso.datetime().optional() });
const projectAlias = z.object({ project: projectName, alias: z.string().min(1).max(255) });
const modelAlias = z.object({ model: z.string().min(1).max(256), alias: z.string().min(1).max(255) });

export const listAliasHistory = defineEndpoint({
  service: 'registry',
  operationId: 'listAliasHistory',
  summary: 'Every move of an alias, newest first: which version was champion when, and who moved it why.',
  method: 'GET',
  path: '/v1/projects/{project}/aliases/{alias}/history',
  role: 'viewer',
  params: projectAlias,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: aliasMoves,
});

export const readAliasAt = defineEndpoint({
  service: 'registry',
  operationId: 'readAliasAt',
  summary: 'The version that an alias of the project’s model pointed to at a time.',
  method: 'GET',
  path: '/v1/projects/{project}/aliases/{alias}/at',
  role: 'viewer',
  params: projectAlias,
  query: timeQuery,
  body: z.undefined(),
  response: aliasAtTime,
});

export const listModelAliasHistory = defineEndpoint({
  service: 'registry',
  operationId: 'listModelAliasHistory',
  summary: 'Every move of an alias of any registered model, newest first.',
  method: 'GET',
  path: '/v1/models/{model}/aliases/{alias}/history',
  role: 'viewer',
  scope: 'resource',
  params: modelAlias,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: aliasMoves,
});

export const readModelAliasAt = defineEndpoint({
  service: 'registry',
  operationId: 'readModelAliasAt',
  summary: 'The version that an alias of any registered model pointed to at a time.',
  method: 'GET',
  path: '/v1/models/{model}/aliases/{alias}/at',
  role: 'viewer',
  scope: 'resource',
  params: modelAlias,
  query: timeQuery,
  body: z.undefined(),
  response: aliasAtTime,
});

export const endpoints = [
  listModelVersions,
  readModelVersion,
  listAliasHistory,
  readAliasAt,
  listModelAliasHistory,
  readModelAliasAt,
];

/** Facts that the mirror in SageMaker's Model Registry follows. */
export const mirroredEvents: readonly EventDefinition[] = [
  ModelVersionRegistered,
  ModelVersionRegisteredV2,
  ModelVersionQuarantined,
  DeploymentCompleted,
  DeploymentRolledBack,
  ReleaseRejected,
];
