import { getServedVersion } from '#services/deployment/contract.ts';
import { getProject } from '#services/projects/contract.ts';
import { getModelVersion } from '#services/registry/contract.ts';
import { getValidation } from '#services/validation/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Neighbours } from '../ports.ts';

/** Asks projects, registry and validation by their queries. */
export function createNeighbours(stage: string): Neighbours {
  return {
    project: (project, revision) => ask(stage, getProject, { project, ...(revision ? { revision } : {}) }),
    async champion(project) {
      const { version } = await ask(stage, getModelVersion, { project, alias: 'champion' });
      return version;
    },
    served: async (project, modelVersion) =>
      (await ask(stage, getServedVersion, { project, modelVersion })).served,
    async newestValidatedDataset(project) {
      try {
        const { datasetVersion } = await ask(stage, getValidation, { project });
        return datasetVersion;
      } catch (error) {
        if (error instanceof AppError && error.code === 'ValidationNotFound') return undefined;
        throw error;
      }
    },
  };
}
