import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { projectName, storedObject } from '#shared/contracts/parts.ts';

/** The column that validated Parquet files carry besides the data’s own: when the platform came to know the row. */
export const availableAtColumn = '_available_at';

export const checkResult = z.object({
  check: z.enum([
    'column_present',
    'type',
    'not_null',
    'range',
    'allowed',
    'unique',
    'min_rows',
    'unknown_columns',
    'quarantined_share',
    'readable',
  ]),
  column: z.string().optional(),
  severity: z.enum(['warn', 'error']),
  passed: z.boolean(),
  observed: z.string(),
  expected: z.string(),
  failingRows: z.int().min(0),
});

export const validationReport = z.object({
  project: projectName,
  datasetVersion: z.int(),
  verdict: z.enum(['Pass', 'Warn', 'Fail', 'InsufficientData']),
  rows: z.int(),
  validRows: z.int(),
  quarantinedRows: z.int(),
  checks: z.array(checkResult),
  validatedAt: z.iso.datetime(),
  projectRevision: z.int(),
  validated: storedObject.optional(),
  quarantine: storedObject.optional(),
});
export type ValidationReport = z.infer<typeof validationReport>;

export const getValidation = defineQuery({
  service: 'validation',
  name: 'get-validation',
  description:
    'The report of a dataset version, or of the newest that may be trained on (Pass or Warn) when no version is named; ValidationNotFound.',
  input: z.object({ project: projectName, datasetVersion: z.int().min(1).optional() }),
  output: validationReport,
});

export const readValidation = defineEndpoint({
  service: 'validation',
  operationId: 'readValidation',
  summary: 'The validation report of a dataset version.',
  method: 'GET',
  path: '/v1/projects/{project}/dataset-versions/{datasetVersion}/validation',
  role: 'viewer',
  params: z.object({ project: projectName, datasetVersion: z.coerce.number().int().min(1) }),
  query: z.object({}),
  body: z.undefined(),
  response: validationReport,
});

export const endpoints = [readValidation];
