import { getModelVersion } from '#services/registry/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { Versions } from '../ports.ts';

/** Asks the registry. */
export const createVersions = (stage: string): Versions => ({
  find: async (project, modelVersion) =>
    (await ask(stage, getModelVersion, { project, modelVersion })).version,
});
