import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Projects } from '../ports.ts';

/** Asks projects for their definitions. */
export function createProjects(stage: string): Projects {
  return {
    definition: async (project, revision) => (await ask(stage, getProject, { project, revision })).definition,
    async newestRevision(project) {
      try {
        return (await ask(stage, getProject, { project })).revision;
      } catch (error) {
        if (error instanceof AppError && error.code === 'ProjectNotFound') return undefined;
        throw error;
      }
    },
  };
}
