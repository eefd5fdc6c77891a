import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { ProjectDefinitions } from '../ports.ts';

/** Asks the projects service. */
export const askProjectDefinitions = (stage: string): ProjectDefinitions => ({
  revision: (project, revision) =>
    ask(stage, getProject, { project, ...(revision === undefined ? {} : { revision }) }),
});
