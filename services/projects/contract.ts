import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { pageToken, projectName } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { columnRule } from './definition/columns.ts';
import { dataContract } from './definition/contract-file.ts';
import { data, datasheet, split, target } from './definition/data.ts';
import { features } from './definition/features.ts';
import { monitoring } from './definition/monitoring.ts';
import { approval, deployment } from './definition/release.ts';
import { rule as contractRule } from './definition/rules.ts';
import { gates, training } from './definition/training.ts';

export * from './definition/asked-columns.ts';
export * from './definition/service-members.ts';
export * from './definition/source-columns.ts';

/**
 * A declared ML project (`project.yaml`). Every optional part has a default, so that a short file is enough; the stored
 * revision holds all of them. Rules that span parts (target is a column, …) are checked in projects/domain. Descriptions are
 * what editors and docs/reference/project.md show.
 */
export const projectDefinition = z.strictObject({
  name: projectName.describe('Part of addresses, S3 keys and SageMaker names.'),
  description: z.string().max(2000).default('').describe('For people.'),
  owners: z.array(z.string().min(1).max(128)).min(1).max(50).describe('Who answers for the project.'),
  data: data.describe('What is uploaded.'),
  target: target
    .optional()
    .describe('What is predicted; a project without it holds data and features, and trains nothing.'),
  excludeFeatures: z
    .array(z.string())
    .max(2000)
    .default([])
    .describe('Columns that the model does not see, besides primary key, event time and target.'),
  split: split
    .prefault({})
    .describe('How rows are dealt out; a row stays in its part whatever is uploaded later.'),
  training: training.prefault({}).describe('How a model is made.'),
  features: features.prefault({}).describe('Features by entity and time: what the feature store keeps.'),
  gates,
  approval,
  deployment,
  monitoring,
});
export type ProjectDefinition = z.infer<typeof projectDefinition>;
export type ColumnRule = ProjectDefinition['data']['columns'][string];
export type ContractRule = ProjectDefinition['data']['rules'][number];

/** What a project's model predicts. */
export type Target = z.infer<typeof target>;

/** What the project's model predicts. Throws NoTarget (precondition_failed) where the project has no model. */
export function targetOf({ name, target }: Pick<ProjectDefinition, 'name' | 'target'>): Target {
  if (target) return target;
  throw new AppError(
    'precondition_failed',
    'NoTarget',
    `Project '${name}' has no target: it holds data and features, and trains nothing. Add target (its column and task) to the project file and apply it: millrace apply project.yaml.`,
  );
}

/** What the feature store keeps, by itself: the file `features.yaml`. */
export { features as featureDefinitions };
export type FeatureDefinitions = z.infer<typeof features>;

/** What a dataset must look like, by itself: the file `contract.yaml`, a suggestion, the contract's part of `data`. */
export { columnRule, contractRule, dataContract, datasheet };
export type DataContract = z.infer<typeof dataContract>;

/** The contract's part of a definition. */
export function contractOf({ data }: Pick<ProjectDefinition, 'data'>): DataContract {
  const { primaryKey, eventTime, missingValues, columns, checks, rules } = data;
  return {
    primaryKey,
    ...(eventTime === undefined ? {} : { eventTime }),
    missingValues,
    columns,
    checks,
    rules,
  };
}

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

/** Answers what is wrong with a contract for a project; nothing where it may be approved. ProjectNotFound (not_found). */
export const checkContract = defineQuery({
  service: 'projects',
  name: 'check-contract',
  description: 'What is wrong with a contract for a project.',
  input: z.object({ project: z.string(), contract: dataContract }),
  output: z.object({ violations: z.array(z.object({ path: z.string(), message: z.string() })) }),
});

const projectParams = z.object({ project: projectName });
const noQuery = z.object({});

/** Most bytes of a project file. */
export const maxFileBytes = 65_536;

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
  maxBodyBytes: maxFileBytes,
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
  role: 'viewer',
  scope: 'resource',
  params: z.object({}),
  query: z.object({ pageToken }),
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

/** ProjectNotFound, InvalidContract with line, column and cure of every violation. */
export const applyContract = defineEndpoint({
  service: 'projects',
  operationId: 'applyContract',
  summary:
    'Gives a project the contract of a file (YAML or JSON), as its next revision. The same contract again makes no revision.',
  method: 'PUT',
  path: '/v1/projects/{project}/contract',
  role: 'scientist',
  params: projectParams,
  query: z.object({
    /** true: only tells what is wrong, and whether anything would change. */
    dryRun: z.enum(['true', 'false']).optional(),
  }),
  body: z.string(),
  rawBody: true,
  maxBodyBytes: maxFileBytes,
  response: projectRevision.extend({ changed: z.boolean() }),
});

/** ProjectNotFound, ContractNotFound where the project has none yet. */
export const readContract = defineEndpoint({
  service: 'projects',
  operationId: 'readContract',
  summary: 'The contract of the newest revision of a project.',
  method: 'GET',
  path: '/v1/projects/{project}/contract',
  role: 'viewer',
  params: projectParams,
  query: noQuery,
  body: z.undefined(),
  response: z.object({ project: projectName, revision: z.int(), contract: dataContract }),
});

/** ProjectNotFound, InvalidFeatures with line, column and cure of every violation. */
export const applyFeatures = defineEndpoint({
  service: 'projects',
  operationId: 'applyFeatures',
  summary:
    'Gives a project the feature definitions of a file (YAML or JSON), as its next revision. The same definitions again make no revision.',
  method: 'PUT',
  path: '/v1/projects/{project}/feature-definitions',
  role: 'scientist',
  params: projectParams,
  query: z.object({
    /** true: only tells what is wrong, and whether anything would change. */
    dryRun: z.enum(['true', 'false']).optional(),
  }),
  body: z.string(),
  rawBody: true,
  maxBodyBytes: maxFileBytes,
  response: projectRevision.extend({ changed: z.boolean() }),
});

/** ProjectNotFound. */
export const readFeatureDefinitions = defineEndpoint({
  service: 'projects',
  operationId: 'readFeatureDefinitions',
  summary: 'The feature definitions of the newest revision of a project.',
  method: 'GET',
  path: '/v1/projects/{project}/feature-definitions',
  role: 'viewer',
  params: projectParams,
  query: noQuery,
  body: z.undefined(),
  response: z.object({ project: projectName, revision: z.int(), features }),
});

export const endpoints = [
  applyProject,
  readProject,
  listProjects,
  applyContract,
  readContract,
  applyFeatures,
  readFeatureDefinitions,
];
