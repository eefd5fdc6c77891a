import * as z from 'zod';
import { defineQuery } from '#shared/contracts/call.ts';
import { projectName } from '#shared/contracts/parts.ts';
import { validationReport } from './contract/report.ts';

export * from './contract/endpoints.ts';
export * from './contract/profile.ts';
export * from './contract/report.ts';
export * from './contract/suggestion.ts';

export const getValidation = defineQuery({
  service: 'validation',
  name: 'get-validation',
  description:
    'The report of a dataset version, or of the newest that may be trained on (Pass or Warn) when no version is named; ValidationNotFound.',
  input: z.object({ project: projectName, datasetVersion: z.int().min(1).optional() }),
  output: validationReport,
});
