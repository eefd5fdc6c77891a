import { getDatasetVersion } from '#services/datasets/contract.ts';
import { getProject } from '#services/projects/contract.ts';
import { getValidation } from '#services/validation/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { builderEnvironment } from '../env.ts';
import type { Sources } from '../ports.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { askProjectDefinitions } from '../store/neighbours.ts';
import { createRowChooser } from '../store/row-chooser.ts';
import { createTrainingSetStore } from '../store/training-set-store.ts';
import { buildTrainingSet } from '../use-cases/build-training-set.ts';
import { declaredService } from '../use-cases/declared-service.ts';
import { openViewFiles } from './open-view-files.ts';

const env = readEnvironment(builderEnvironment);
const stage = env.MILLRACE_STAGE;
const table = createTable(documentClient(), env.TABLE_NAME);
const sources: Sources = {
  projectRevision: (project, revision) => ask(stage, getProject, { project, revision }),
  validation: (project, datasetVersion) => ask(stage, getValidation, { project, datasetVersion }),
  datasetSha256: async (project, datasetVersion) =>
    (await ask(stage, getDatasetVersion, { project, datasetVersion })).contentSha256,
};
const defining = {
  definitions: createDefinitionStore(table),
  projects: askProjectDefinitions(stage),
  clock: systemClock,
};
const deps = {
  sources,
  definitions: {
    at: (project: string, revision: number, service: string) =>
      declaredService(defining, project, revision, service),
  },
  viewFiles: openViewFiles(stage, table),
  chooser: createRowChooser({
    dataBucket: env.DATA_BUCKET,
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  }),
  store: createTrainingSetStore(table),
  clock: systemClock,
};

export const handler = taskHandler(contract.buildTrainingSet, (input, { metadata }) =>
  buildTrainingSet(deps, input, metadata),
);
