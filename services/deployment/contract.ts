import * as z from 'zod';
import { ModelVersionRegistered, ModelVersionRegisteredV2, modelSignature } from '#events/registry.ts';
import { approvalPolicy, approvalSubject } from '#services/approvals/contract.ts';
import { defineQuery, defineTask } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { metricValues, pageToken, projectName, storedObject } from '#shared/contracts/parts.ts';

/** One version that gets traffic. Shares of a record add up to 1. */
export const routedVersion = z.object({
  model: z.string(),
  modelVersion: z.int().min(1),
  endpointName: z.string(),
  share: z.number().min(0).max(1),
  artifactSha256: z.string(),
  signature: modelSignature,
});

/** The routing record of a project: what predictions reads. `revision` grows with each change. */
export const routingRecord = z.object({
  project: projectName,
  revision: z.int().min(1),
  versions: z.array(routedVersion),
  updatedAt: z.iso.datetime(),
});
export type RoutingRecord = z.infer<typeof routingRecord>;

/** Key of the routing record in deployment’s table: predictions may read exactly items with this leading key (`ROUTING#…`). The record is in attribute `record`. */
export const routingKey = (project: string): { pk: string; sk: string } => ({
  pk: `ROUTING#${project}`,
  sk: 'ROUTING',
});

/** Archives that are made of clients' models for serving lie below this prefix of the models bucket. */
export const packagePrefix = 'deployment/';

/** A version that a client created, and the revision of its project when its release began. */
export const clientVersion = ModelVersionRegisteredV2.data.extend({
  projectRevision: z.int().min(1),
  requestedBy: z.string(),
});
export type ClientVersion = z.infer<typeof clientVersion>;

/** Input of the release machine; its execution is named by releaseId (the eventId of ModelVersionRegistered). */
export const releaseExecutionInput = z.object({
  releaseId: z.string(),
  version: z.union([ModelVersionRegistered.data, clientVersion]),
});
export type ReleaseExecutionInput = z.infer<typeof releaseExecutionInput>;

/** A version as the serving image takes it. */
export const servedVersion = z.object({
  artifact: storedObject,
  trainingImage: z.string(),
  signature: modelSignature,
});
export type ServedVersion = z.infer<typeof servedVersion>;

/** How a version that got an endpoint is served: of a client's version only deployment knows it, who packed it. */
export const getServedVersion = defineQuery({
  service: 'deployment',
  name: 'get-served-version',
  description:
    'Artifact, image and signature of a version that has or had an endpoint; `served` is absent for others.',
  input: z.object({ project: projectName, modelVersion: z.int().min(1) }),
  output: z.object({ served: servedVersion.optional() }),
});

/** What a client's version is evaluated with before people decide: the held-out rows of the training set that was built last. */
export const releaseEvaluation = z.object({
  trainingSetId: z.string(),
  datasetVersion: z.int().min(1),
  signature: modelSignature,
  features: storedObject,
  labels: storedObject,
  instanceType: z.string(),
  /** Models that predict those rows: the version, and what serves now where it takes the same columns. */
  candidates: z.array(
    z.object({
      candidate: z.enum(['challenger', 'champion']),
      artifact: storedObject,
      trainingImage: z.string(),
    }),
  ),
  championVersion: z.int().min(1).optional(),
});
export type ReleaseEvaluation = z.infer<typeof releaseEvaluation>;

const releaseRef = z.object({
  releaseId: z.string(),
  project: projectName,
  model: z.string(),
  modelVersion: z.int().min(1),
});

export const openRelease = defineTask({
  service: 'deployment',
  name: 'open-release',
  description:
    'Records the release, packs what a client registered, and answers what the project says about approval, canary and grace.',
  input: releaseExecutionInput,
  output: z.object({
    /** Present where the version is to be evaluated first: the verdict then says whether the gates passed. */
    evaluation: releaseEvaluation.optional(),
    gatesPassed: z.boolean(),
    gateSummary: z.string(),
    approval: approvalPolicy,
    /** What is decided on; absent where a gate failed before there was anything to decide on. */
    subject: approvalSubject.optional(),
    metrics: metricValues,
    requestedBy: z.string(),
    note: z.string().optional(),
    bakeSeconds: z.int(),
    graceSeconds: z.int(),
  }),
});

/** Errors: ArtifactChanged (digest is not the registered one), EndpointFailed (with SageMaker’s reason). */
export const createEndpoint = defineTask({
  service: 'deployment',
  name: 'create-endpoint',
  description:
    'Verifies the artifact’s digest, creates model, endpoint configuration and endpoint, and answers when it is in service. Publishes DeploymentStarted.',
  waits: true,
  input: releaseExecutionInput,
  output: z.object({ endpointName: z.string() }),
});

/** Errors: RolloutInProgress (retryable: another release of the project holds the lease). */
export const startCanary = defineTask({
  service: 'deployment',
  name: 'start-canary',
  description:
    'Creates the canary’s alarms and gives it its share of the traffic (all of it when nothing serves yet).',
  input: releaseRef.extend({ endpointName: z.string() }),
  output: z.object({
    share: z.number(),
    previousVersion: z.int().optional(),
    alarmNames: z.array(z.string()),
  }),
});

/** Nobody answers this token unless an alarm fires: then the error CanaryAlarm. The machine’s timeout is the bake time. */
export const watchCanary = defineTask({
  service: 'deployment',
  name: 'watch-canary',
  description: 'Waits for an alarm of the canary.',
  waits: true,
  input: releaseRef.extend({ alarmNames: z.array(z.string()) }),
  output: z.object({}),
});

export const judgeCanary = defineTask({
  service: 'deployment',
  name: 'judge-canary',
  description: 'At the end of the bake: alarms exist and none is in ALARM.',
  input: releaseRef.extend({ alarmNames: z.array(z.string()) }),
  output: z.object({ verdict: z.enum(['Pass', 'Fail']), reason: z.string(), alarms: z.array(z.string()) }),
});

export const promoteVersion = defineTask({
  service: 'deployment',
  name: 'promote-version',
  description: 'All traffic to the version; ledger; alarms removed; lease released; DeploymentCompleted.',
  input: releaseRef.extend({ endpointName: z.string() }),
  output: z.object({ previousVersion: z.int().optional() }),
});

export const rollBackVersion = defineTask({
  service: 'deployment',
  name: 'roll-back-version',
  description:
    'No traffic to the version, all to the one before; alarms removed; lease released; DeploymentRolledBack.',
  input: releaseRef.extend({ reason: z.string(), alarms: z.array(z.string()) }),
  output: z.object({ toVersion: z.int().optional() }),
});

export const retireEndpoint = defineTask({
  service: 'deployment',
  name: 'retire-endpoint',
  description:
    'Deletes endpoint, configuration and model of a version that gets no traffic; one that does is left alone.',
  input: z.object({
    releaseId: z.string(),
    project: projectName,
    model: z.string(),
    modelVersion: z.int().min(1),
  }),
  output: z.object({ retired: z.boolean() }),
});

export const closeRelease = defineTask({
  service: 'deployment',
  name: 'close-release',
  description: 'Ends a release that does not deploy: ReleaseRejected.',
  input: releaseRef.extend({ step: z.enum(['gates', 'approval', 'deployment']), reason: z.string() }),
  output: z.object({}),
});

const projectParams = z.object({ project: projectName });
const releaseStatus = z.enum(['open', 'deploying', 'canary', 'completed', 'rolled_back', 'rejected']);

export const readDeployment = defineEndpoint({
  service: 'deployment',
  operationId: 'readDeployment',
  summary: 'What serves now, and the releases under way and before, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/deployment',
  role: 'viewer',
  params: projectParams,
  query: z.object({}),
  body: z.undefined(),
  response: z.object({
    routing: routingRecord.optional(),
    releases: z.array(
      z.object({
        releaseId: z.string(),
        modelVersion: z.int(),
        status: releaseStatus,
        reason: z.string().optional(),
        openedAt: z.string(),
        closedAt: z.string().optional(),
      }),
    ),
  }),
});

export const listServingLedger = defineEndpoint({
  service: 'deployment',
  operationId: 'listServingLedger',
  summary: 'Append-only ledger of what served when, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/serving-ledger',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({
    items: z.array(
      z.object({
        at: z.string(),
        revision: z.int(),
        shares: z.array(z.object({ modelVersion: z.int(), artifactSha256: z.string(), share: z.number() })),
        reason: z.string(),
        actor: z.string(),
      }),
    ),
    nextPageToken: z.string().optional(),
  }),
});

/** Errors: NothingToRollBackTo (the version before has no endpoint any more), RolloutInProgress. */
export const rollBackDeployment = defineEndpoint({
  service: 'deployment',
  operationId: 'rollBackDeployment',
  summary: 'Sends all traffic back to the version that served before, while its endpoint is kept.',
  method: 'POST',
  path: '/v1/projects/{project}/deployment/rollback',
  role: 'approver',
  params: projectParams,
  query: z.object({}),
  body: z.strictObject({ reason: z.string().min(1).max(1000) }),
  response: z.object({ fromVersion: z.int(), toVersion: z.int() }),
});

/**
 * A version that is in a release or serves answers that release. Errors: ModelVersionNotFound, VersionQuarantined, NotVerifiable,
 * ContentNotRecorded, EndpointKept (of the release before, until its grace time is over).
 */
export const requestRelease = defineEndpoint({
  service: 'deployment',
  operationId: 'requestRelease',
  summary: 'Begins a release of a version that is in none: by the newest revision of the project.',
  method: 'POST',
  path: '/v1/projects/{project}/model-versions/{modelVersion}/release',
  role: 'scientist',
  params: projectParams.extend({ modelVersion: z.coerce.number().int().min(1) }),
  query: z.object({}),
  body: z.strictObject({ reason: z.string().min(1).max(1000).optional() }),
  response: z.object({
    releaseId: z.string(),
    modelVersion: z.int(),
    status: releaseStatus,
    /** Whether this request began it. */
    begun: z.boolean(),
  }),
});

export const endpoints = [readDeployment, listServingLedger, rollBackDeployment, requestRelease];
