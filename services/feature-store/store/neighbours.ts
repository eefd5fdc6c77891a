import { getProject } from '#services/projects/contract.ts';
import { getValidation } from '#services/validation/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { EntityDatasets, ProjectDefinitions } from '../ports.ts';

/** Asks the projects service. */
export const askProjectDefinitions = (stage: string): ProjectDefinitions => ({
  revision: (project, revision) =>
    ask(stage, getProject, { project, ...(revision === undefined ? {} : { revision }) }),
});

/** Asks what is known of datasets. */
export const askEntityDatasets = (stage: string): EntityDatasets => ({
  revision: (project, revision) => ask(stage, getProject, { project, revision }),
  validation: (project, datasetVersion) =>
    ask(stage, getValidation, { project, ...(datasetVersion === undefined ? {} : { datasetVersion }) }),
});
