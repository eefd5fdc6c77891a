import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Projects } from '../ports.ts';

/** Asks the projects service. */
export function askProjects(stage: string): Projects {
  return {
    async find(project) {
      try {
        return await ask(stage, getProject, { project });
      } catch (error) {
        if (error instanceof AppError && error.code === 'ProjectNotFound') return undefined;
        throw error;
      }
    },
  };
}
