import { getProject, listProjectNames } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { Projects } from '../ports.ts';

/** Asks the projects service. */
export function createProjects(stage: string): Projects {
  return {
    settings: async (project) => (await ask(stage, getProject, { project })).definition.monitoring,
    names: async () => (await ask(stage, listProjectNames, {})).projects,
  };
}
