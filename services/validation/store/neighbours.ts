import { datasetManifest, getDatasetVersion } from '#services/datasets/contract.ts';
import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { getText } from '#shared/aws/objects.ts';
import type { Datasets, Projects } from '../ports.ts';

/** Asks the projects service. */
export const askProjects = (stage: string): Projects => ({
  revision: (project, revision) =>
    ask(stage, getProject, { project, ...(revision === undefined ? {} : { revision }) }),
  contractViolations: async () => [],
});

/** Asks the datasets service, and reads the manifests that it writes. */
export const askDatasets = (stage: string): Datasets => ({
  version: (project, datasetVersion) => ask(stage, getDatasetVersion, { project, datasetVersion }),
  manifest: async (manifest) => datasetManifest.parse(JSON.parse(await getText(manifest))),
});
