import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { columnType, learningTask, projectName } from '#shared/contracts/parts.ts';

/** What a column of the project’s data must look like. */
const columnRule = z
  .strictObject({
    type: columnType,
    /** Whether a value may be missing. */
    nullable: z.boolean().default(false),
    min: z.number().optional(),
    max: z.number().optional(),
    /** The only values allowed. */
    allowed: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .max(1000)
      .optional(),
    unique: z.boolean().default(false),
    description: z.string().max(1000).optional(),
  })
  .refine((rule) => rule.min === undefined || rule.max === undefined || rule.min <= rule.max, {
    message: 'min must not be above max',
  });

const data = z.strictObject({
  format: z.enum(['csv', 'parquet']).default('csv'),
  /** Column that identifies a row; rows of later uploads with the same key replace earlier ones in training sets. */
  primaryKey: z.string().min(1),
  /** Column with the time that a row speaks of; training sets use no row from after their `asOf`. */
  eventTime: z.string().min(1).optional(),
  /** `append`: an upload adds rows to the dataset. `replace`: an upload is the whole dataset. */
  uploads: z.enum(['append', 'replace']).default('append'),
  maxUploadBytes: z.int().min(1).max(5_368_709_120).default(536_870_912),
  columns: z
    .record(z.string().min(1).max(255), columnRule)
    .refine((columns) => Object.keys(columns).length >= 2, {
      message: 'at least two columns are needed: the primary key and one more',
    }),
  checks: z
    .strictObject({
      minRows: z.int().min(1).default(50),
      /** Share of rows that may be put into quarantine before the whole version fails. */
      maxQuarantinedShare: z.number().min(0).max(1).default(0.05),
      /** Columns that the definition does not name: ignored, or a reason to fail. */
      unknownColumns: z.enum(['ignore', 'fail']).default('ignore'),
    })
    .prefault({}),
});

const target = z.strictObject({
  column: z.string().min(1),
  task: learningTask,
  /** The value of the target that counts as positive, for binary classification. */
  positiveClass: z.union([z.string(), z.number(), z.boolean()]).default(1),
});

const split = z
  .strictObject({
    seed: z.int().min(0).max(2_147_483_647).default(17),
    train: z.number().gt(0).lt(1).default(0.7),
    validation: z.number().gt(0).lt(1).default(0.15),
    test: z.number().gt(0).lt(1).default(0.15),
  })
  .refine((shares) => Math.abs(shares.train + shares.validation + shares.test - 1) < 1e-9, {
    message: 'train, validation and test must add up to 1',
  });

const training = z.strictObject({
  algorithm: z.literal('xgboost').default('xgboost'),
  /** As the algorithm names them, e.g. max_depth. The objective follows from the target’s task. */
  hyperparameters: z
    .record(z.string().max(256), z.union([z.string().max(2500), z.number(), z.boolean()]))
    .default({}),
  resources: z
    .strictObject({
      instanceType: z
        .string()
        .regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be a SageMaker instance type such as ml.m5.large')
        .default('ml.m5.large'),
      instanceCount: z.int().min(1).max(20).default(1),
      volumeSizeGb: z.int().min(1).max(16_384).default(10),
    })
    .prefault({}),
  spot: z
    .strictObject({
      enabled: z.boolean().default(false),
      maxWaitSeconds: z.int().min(60).max(2_592_000).default(7200),
    })
    .prefault({}),
  limits: z
    .strictObject({
      maxRuntimeSeconds: z.int().min(60).max(2_419_200).default(3600),
      /** After a training ended, drift and new data ask in vain for so long. Manual requests are not held back. */
      cooldownSeconds: z.int().min(0).max(2_592_000).default(0),
      maxTrainingsPerDay: z.int().min(1).max(1000).default(24),
    })
    .prefault({}),
  /** When new validated data starts a training: every time, only while there is no champion, or never. */
  onNewData: z.enum(['always', 'first', 'never']).default('always'),
});

const metricName = z.enum(['auc', 'accuracy', 'precision', 'recall', 'f1', 'log_loss', 'rmse', 'mae', 'r2']);

const gate = z
  .strictObject({ metric: metricName, min: z.number().optional(), max: z.number().optional() })
  .refine((rule) => (rule.min === undefined) !== (rule.max === undefined), {
    message: 'a gate needs min or max, not both',
  });

const gates = z
  .strictObject({
    thresholds: z.array(gate).max(20).default([]),
    /** A challenger’s metric may be worse than the champion’s on the same rows by at most `tolerance` (in the metric’s unit). */
    champion: z.strictObject({ metric: metricName, tolerance: z.number().min(0).default(0) }).optional(),
    minTestRows: z.int().min(1).default(30),
  })
  .prefault({});

const approval = z
  .strictObject({
    /** Identities that may decide; empty: everyone with the role approver. */
    approvers: z.array(z.string()).max(50).default([]),
    quorum: z.int().min(1).max(10).default(1),
    requesterMayApprove: z.boolean().default(true),
    expiresAfterHours: z.number().gt(0).max(8760).default(168),
  })
  .prefault({});

const deployment = z
  .strictObject({
    mode: z.enum(['serverless', 'instances']).default('serverless'),
    serverless: z
      .strictObject({
        memorySizeMb: z
          .union([
            z.literal(1024),
            z.literal(2048),
            z.literal(3072),
            z.literal(4096),
            z.literal(5120),
            z.literal(6144),
          ])
          .default(2048),
        maxConcurrency: z.int().min(1).max(200).default(5),
      })
      .prefault({}),
    instances: z
      .strictObject({
        instanceType: z
          .string()
          .regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be a SageMaker instance type such as ml.m5.large')
          .default('ml.m5.large'),
        count: z.int().min(1).max(100).default(1),
      })
      .prefault({}),
    canary: z
      .strictObject({
        /** Share of traffic that the new version gets while it bakes. */
        trafficShare: z.number().gt(0).max(0.5).default(0.1),
        bakeSeconds: z.int().min(5).max(86_400).default(300),
        maxErrorRate: z.number().min(0).max(1).default(0.02),
        maxP99LatencyMs: z.number().gt(0).default(2000),
        /** Population stability index of the canary’s predictions against the reference; judged from 50 predictions on. */
        maxPredictionPsi: z.number().gt(0).default(0.5),
      })
      .prefault({}),
    /** How long an endpoint without traffic is kept, so that one can go back. */
    graceSeconds: z.int().min(0).max(604_800).default(3600),
  })
  .prefault({});

const monitoring = z
  .strictObject({
    /** A window is judged when it holds this many predictions … */
    windowPredictions: z.int().min(20).max(1_000_000).default(500),
    /** … or when it is this old; with fewer than minPredictions the verdict is InsufficientData. */
    windowMinutes: z.int().min(1).max(10_080).default(60),
    minPredictions: z.int().min(10).default(50),
    drift: z
      .strictObject({
        /** A feature drifted when its PSI is above this and its test’s p-value below maxPValue. 0.2 is the usual bound. */
        psiThreshold: z.number().gt(0).default(0.2),
        maxPValue: z.number().gt(0).lt(1).default(0.01),
        /** Share of the features that must drift. */
        minDriftedShare: z.number().gt(0).max(1).default(0.2),
      })
      .prefault({}),
    performance: z
      .strictObject({
        metric: metricName,
        min: z.number().optional(),
        max: z.number().optional(),
        minLabels: z.int().min(1).default(50),
      })
      .optional(),
    /** What asks the governor for a retraining. */
    retrainOn: z.array(z.enum(['drift', 'performance'])).default(['drift', 'performance']),
  })
  .prefault({});

/**
 * A declared ML project (`project.yaml`). Every optional part has a default, so that a short file is enough; the stored
 * revision holds all of them. Rules that span parts (target is a column, …) are checked in projects/domain.
 */
export const projectDefinition = z.strictObject({
  name: projectName,
  description: z.string().max(2000).default(''),
  owners: z.array(z.string().min(1).max(128)).min(1).max(50),
  data,
  target,
  /** Columns that the model does not see, besides primary key, event time and target. */
  excludeFeatures: z.array(z.string()).max(2000).default([]),
  split: split.prefault({}),
  training: training.prefault({}),
  gates,
  approval,
  deployment,
  monitoring,
});
export type ProjectDefinition = z.infer<typeof projectDefinition>;
export type ColumnRule = ProjectDefinition['data']['columns'][string];

/** A revision of a project as it is stored: immutable. */
export const projectRevision = z.object({
  project: projectName,
  /** Counts 1, 2, 3 per project. */
  revision: z.int().min(1),
  definition: projectDefinition,
  definitionSha256: z.string(),
  appliedAt: z.iso.datetime(),
  appliedBy: z.string(),
});
export type ProjectRevision = z.infer<typeof projectRevision>;

/** Answers the newest revision, or the one asked for. ProjectNotFound / RevisionNotFound (not_found). */
export const getProject = defineQuery({
  service: 'projects',
  name: 'get-project',
  description: 'The definition of a project.',
  input: z.object({ project: z.string(), revision: z.int().min(1).optional() }),
  output: projectRevision,
});

export const listProjectNames = defineQuery({
  service: 'projects',
  name: 'list-project-names',
  description: 'Names of all projects.',
  input: z.object({}),
  output: z.object({ projects: z.array(z.string()) }),
});

const projectParams = z.object({ project: projectName });
const noQuery = z.object({});

export const applyProject = defineEndpoint({
  service: 'projects',
  operationId: 'applyProject',
  summary:
    'Creates or changes a project from its file (YAML or JSON). The same content again makes no revision.',
  method: 'PUT',
  path: '/v1/projects/{project}',
  role: 'scientist',
  params: projectParams,
  query: noQuery,
  body: z.string(),
  rawBody: true,
  response: projectRevision.extend({ changed: z.boolean() }),
});

export const readProject = defineEndpoint({
  service: 'projects',
  operationId: 'readProject',
  summary: 'The newest revision of a project.',
  method: 'GET',
  path: '/v1/projects/{project}',
  role: 'viewer',
  params: projectParams,
  query: noQuery,
  body: z.undefined(),
  response: projectRevision,
});

export const listProjects = defineEndpoint({
  service: 'projects',
  operationId: 'listProjects',
  summary: 'The projects that the caller may see.',
  method: 'GET',
  path: '/v1/projects',
  params: z.object({}),
  query: z.object({ pageToken: z.string().optional() }),
  body: z.undefined(),
  response: z.object({
    items: z.array(
      z.object({
        project: z.string(),
        revision: z.int(),
        description: z.string(),
        owners: z.array(z.string()),
        appliedAt: z.string(),
      }),
    ),
    nextPageToken: z.string().optional(),
  }),
});

export const endpoints = [applyProject, readProject, listProjects];
