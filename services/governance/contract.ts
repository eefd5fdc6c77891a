import * as z from 'zod';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { pageToken, pathId, projectName, sha256 } from '#shared/contracts/parts.ts';

/** One entry of a project’s hash chain: hash = SHA-256 of previousHash and the canonical JSON of the event. */
export const auditEntry = z.object({
  sequence: z.int().min(1),
  hash: sha256,
  previousHash: sha256,
  recordedAt: z.iso.datetime(),
  eventId: z.string(),
  detailType: z.string(),
  source: z.string(),
  occurredAt: z.iso.datetime(),
  correlationId: z.string(),
  actor: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/** Something that happened to a thing after it was made: `expired`, `erased`, `became champion`, `rolled back`, … */
export const lineageMark = z.object({
  name: z.string(),
  at: z.iso.datetime(),
  tone: z.enum(['good', 'neutral', 'bad']),
  text: z.string(),
});

/**
 * A thing with a history: `project-revision`, `upload`, `dataset-version`, `validation`, `feature-view`, `training-set`, `training`, `evaluation`,
 * `run`, `model-version`, `release`, `approval`, `prediction-batch`, `prediction`.
 */
export const lineageNode = z.object({
  /** `<kind>:<own id>`; of another project `//<project>/<kind>:<own id>`. */
  id: z.string(),
  kind: z.string(),
  label: z.string(),
  at: z.string().optional(),
  details: z.record(z.string(), z.string()),
  /** Oldest first, at most 20. */
  marks: z.array(lineageMark).optional(),
  /** Where it is another than the one that was asked for. */
  project: projectName.optional(),
});
export const lineageEdge = z.object({ from: z.string(), to: z.string(), relation: z.string() });
const lineageDirection = z.enum(['up', 'down']);
/** Where an answer was cut: ask for the lineage of `id` in this direction, behind `after` where it is given. */
export const lineageOpenEnd = z.object({
  id: z.string(),
  direction: lineageDirection,
  after: z.string().optional(),
});

export const journeyStep = z.object({
  /** `upload`, `validation`, `training_set`, `training`, `evaluation`, `registration`, `approval`, `deployment`, `canary`, `promotion`, `drift`, `performance`, `request`, `rollback` */
  step: z.string(),
  title: z.string(),
  status: z.enum(['running', 'waiting', 'done', 'failed', 'skipped']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** One line for a person: figures, reasons, who is waited for. */
  summary: z.string(),
});

/** All that followed from one cause, by correlation id. */
export const journey = z.object({
  journeyId: z.string(),
  project: projectName,
  cause: z.string(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  status: z.enum(['running', 'waiting', 'done', 'failed']),
  waitingFor: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('approval'), approvalId: z.string(), approvers: z.array(z.string()) }),
      z.object({ kind: z.literal('contract'), suggestionId: z.string() }),
    ])
    .optional(),
  steps: z.array(journeyStep),
});
export type Journey = z.infer<typeof journey>;

const projectParams = z.object({ project: projectName });

export const listJourneys = defineEndpoint({
  service: 'governance',
  operationId: 'listJourneys',
  summary: 'Journeys of a project, newest first: each from its cause to where it stands.',
  method: 'GET',
  path: '/v1/projects/{project}/journeys',
  role: 'viewer',
  params: projectParams,
  query: z.object({ limit: z.coerce.number().int().min(1).max(50).default(10) }),
  body: z.undefined(),
  response: z.object({ items: z.array(journey) }),
});

export const listAuditEntries = defineEndpoint({
  service: 'governance',
  operationId: 'listAuditEntries',
  summary: 'The audit log of a project, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/audit',
  role: 'viewer',
  params: projectParams,
  query: z.object({
    pageToken,
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  body: z.undefined(),
  response: z.object({ items: z.array(auditEntry), nextPageToken: z.string().optional() }),
});

export const verifyAuditChain = defineEndpoint({
  service: 'governance',
  operationId: 'verifyAuditChain',
  summary: 'Computes the whole hash chain again and says where it breaks, if it does.',
  method: 'GET',
  path: '/v1/projects/{project}/audit/verification',
  role: 'viewer',
  params: projectParams,
  query: z.object({}),
  body: z.undefined(),
  response: z.object({
    intact: z.boolean(),
    entries: z.int(),
    headHash: z.string(),
    brokenAt: z.int().optional(),
  }),
});

/** An upload’s id is its key: at most 1,024 bytes (S3). */
const lineageId = z
  .string()
  .min(1)
  .refine((id) => new TextEncoder().encode(id).length <= 1024, 'must be an id, of at most 1,024 bytes');

/** Errors: LineageNotFound, AfterNeedsDirection. */
export const readLineage = defineEndpoint({
  service: 'governance',
  operationId: 'readLineage',
  summary:
    'Everything up- and downstream of one thing: prediction, model-version, dataset-version, …; at most 150 things each way, and where it was cut.',
  method: 'GET',
  path: '/v1/projects/{project}/lineage/{kind}/{id}',
  role: 'viewer',
  params: z.object({ project: projectName, kind: pathId, id: lineageId }),
  query: z.object({
    direction: z.enum(['up', 'down', 'both']).default('both'),
    /** Most steps away from the thing. */
    depth: z.coerce.number().int().min(1).max(100).default(100),
    /** `after` of an open end of the answer before; with its direction. */
    after: z.string().min(1).max(2048).optional(),
  }),
  body: z.undefined(),
  response: z.object({
    root: z.string(),
    nodes: z.array(lineageNode),
    edges: z.array(lineageEdge),
    /** Whether there may be more; `openEnds` say how to go on. */
    truncated: z.boolean(),
    openEnds: z.array(lineageOpenEnd),
  }),
});

/** An event as OpenLineage’s own schema declares it (https://openlineage.io/spec/2-0-2/OpenLineage.json). */
export const openLineageEvent = z.looseObject({
  eventTime: z.iso.datetime(),
  producer: z.string(),
  schemaURL: z.string(),
});
export type OpenLineageEvent = z.infer<typeof openLineageEvent>;

export const listOpenLineageEvents = defineEndpoint({
  service: 'governance',
  operationId: 'listOpenLineageEvents',
  summary: 'The project’s history as OpenLineage events, oldest first: what Marquez and others read.',
  method: 'GET',
  path: '/v1/projects/{project}/lineage/open-lineage',
  role: 'viewer',
  params: projectParams,
  query: z.object({
    pageToken,
    /** Facts of the audit log; each is none, one or a few events. */
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  body: z.undefined(),
  response: z.object({ events: z.array(openLineageEvent), nextPageToken: z.string().optional() }),
});

export const endpoints = [
  listJourneys,
  listAuditEntries,
  verifyAuditChain,
  readLineage,
  listOpenLineageEvents,
];
