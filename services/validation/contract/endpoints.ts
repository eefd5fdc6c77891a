import * as z from 'zod';
import { dataContract } from '#services/projects/contract.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { pageToken, pathId, projectName, storedObject } from '#shared/contracts/parts.ts';
import { datasetProfile, profileChange } from './profile.ts';
import { validationReport } from './report.ts';
import { contractChange, contractSuggestion } from './suggestion.ts';

const projectParams = z.object({ project: projectName });
const versionParams = projectParams.extend({ datasetVersion: z.coerce.number().int().min(1) });
const noQuery = z.object({});

/** ValidationNotFound. */
export const readValidation = defineEndpoint({
  service: 'validation',
  operationId: 'readValidation',
  summary: 'The validation report of a dataset version.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/validation',
  role: 'viewer',
  params: versionParams,
  query: noQuery,
  body: z.undefined(),
  response: validationReport.extend({
    /** Where this is the newest version and fails: what to do about it. */ cure: z.string().optional(),
  }),
});

/** ProfileNotFound. */
export const readProfile = defineEndpoint({
  service: 'validation',
  operationId: 'readProfile',
  summary: 'What a dataset version holds, column by column; with `against`, how it moved since that version.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/profile',
  role: 'viewer',
  params: versionParams,
  query: z.object({ against: z.coerce.number().int().min(1).optional() }),
  body: z.undefined(),
  response: datasetProfile.extend({
    against: z.object({ datasetVersion: z.int(), changes: z.array(profileChange) }).optional(),
  }),
});

/** ValidationNotFound, DatasetVersionGone where retention removed the rows, NothingValidated where the version fails or was not checked by a contract. */
export const listCheckedFiles = defineEndpoint({
  service: 'validation',
  operationId: 'listCheckedFiles',
  summary:
    'The Parquet files of the rows that passed and of those in quarantine, with presigned addresses for 15 minutes.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/validation/files',
  role: 'scientist',
  params: versionParams,
  query: noQuery,
  body: z.undefined(),
  response: z.object({
    items: z.array(
      storedObject.extend({ kind: z.enum(['validated', 'quarantine']), rows: z.int(), url: z.string() }),
    ),
  }),
});

/** ValidationNotFound; a version without quarantined rows answers an empty list. */
export const listQuarantine = defineEndpoint({
  service: 'validation',
  operationId: 'listQuarantine',
  summary: 'Rows in quarantine with the reasons of each, as they were uploaded; sensitive columns masked.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/quarantine',
  role: 'scientist',
  params: versionParams,
  query: z.object({
    pageToken,
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** Only rows that fail this check: `range`, or `range:age`. */ check: z.string().max(300).optional(),
  }),
  body: z.undefined(),
  response: z.object({
    quarantinedRows: z.int(),
    /** Rows whose key came again, valid, in a later version. */ repairedRows: z.int(),
    items: z.array(
      z.object({
        row: z.int(),
        objectSha256: z.string(),
        reasons: z.array(z.string()),
        repairedIn: z.int().optional(),
        values: z.record(z.string(), z.string().nullable()),
      }),
    ),
    nextPageToken: z.string().optional(),
  }),
});

/** NothingQuarantined, NotReleasable (rows whose values have not the declared type, or that share a primary key). */
export const releaseQuarantine = defineEndpoint({
  service: 'validation',
  operationId: 'releaseQuarantine',
  summary: 'Lets rows out of quarantine into the validated version; the version is validated anew with them.',
  method: 'POST',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/quarantine/releases',
  role: 'approver',
  params: versionParams,
  query: noQuery,
  body: z.strictObject({
    /** As `listQuarantine` names them; all where it is empty. A row goes when every check that it fails is among them. */
    checks: z.array(z.string().max(300)).max(100).default([]),
    reason: z.string().min(1).max(1000),
  }),
  response: z.object({ releaseId: z.string(), status: z.literal('running') }),
  successStatus: 202,
});

const suggestionHead = z.object({
  suggestionId: z.string(),
  datasetVersion: z.int(),
  status: z.enum(['waiting', 'approved', 'refused', 'superseded']),
  suggestedAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().optional(),
  decidedBy: z.string().optional(),
  comment: z.string().optional(),
  columns: z.int(),
  rows: z.int(),
});

export const listContractSuggestions = defineEndpoint({
  service: 'validation',
  operationId: 'listContractSuggestions',
  summary: 'Contracts that data suggested, newest first.',
  method: 'GET',
  path: '/v1/projects/{project}/contract-suggestions',
  role: 'viewer',
  params: projectParams,
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(suggestionHead), nextPageToken: z.string().optional() }),
});

const suggestionParams = projectParams.extend({ suggestionId: pathId });

/** SuggestionNotFound; SuggestionErased, where rows that it was made of were erased. */
export const readContractSuggestion = defineEndpoint({
  service: 'validation',
  operationId: 'readContractSuggestion',
  summary: 'A suggested contract with the evidence for each line.',
  method: 'GET',
  path: '/v1/projects/{project}/contract-suggestions/{suggestionId}',
  role: 'viewer',
  params: suggestionParams,
  query: noQuery,
  body: z.undefined(),
  response: suggestionHead.extend({ suggestion: contractSuggestion }),
});

/** SuggestionNotFound, SuggestionErased, SuggestionDecided (conflict). */
export const decideContractSuggestion = defineEndpoint({
  service: 'validation',
  operationId: 'decideContractSuggestion',
  summary: 'Approves a suggested contract, as it is or edited, or refuses it.',
  method: 'POST',
  path: '/v1/projects/{project}/contract-suggestions/{suggestionId}/decision',
  role: 'approver',
  params: suggestionParams,
  query: noQuery,
  body: z.strictObject({
    decision: z.enum(['approve', 'refuse']),
    /** The contract as it was edited; else the suggested one. */ contract: dataContract.optional(),
    comment: z.string().min(1).max(1000),
  }),
  maxBodyBytes: 262_144,
  response: suggestionHead,
});

/** Compares with the contract of the newest revision. ProjectNotFound, InvalidContract. */
export const previewContract = defineEndpoint({
  service: 'validation',
  operationId: 'previewContract',
  summary:
    'What a changed contract would change, and which features and models depend on that. Changes nothing.',
  method: 'POST',
  path: '/v1/projects/{project}/contract/preview',
  role: 'viewer',
  params: projectParams,
  query: noQuery,
  body: dataContract,
  maxBodyBytes: 262_144,
  response: z.object({ againstRevision: z.int(), changes: z.array(contractChange), breaking: z.boolean() }),
});

export const endpoints = [
  readValidation,
  listCheckedFiles,
  readProfile,
  listQuarantine,
  releaseQuarantine,
  listContractSuggestions,
  readContractSuggestion,
  decideContractSuggestion,
  previewContract,
];
