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
import { createRowChooser } from '../store/row-chooser.ts';
import { createTrainingSetStore } from '../store/training-set-store.ts';
import { buildTrainingSet } from '../use-cases/build-training-set.ts';

const env = readEnvironment(builderEnvironment);
const stage = env.MILLRACE_STAGE;
const sources: Sources = {
  projectRevision: (project, revision) => ask(stage, getProject, { project, revision }),
  validation: (project, datasetVersion) => ask(stage, getValidation, { project, datasetVersion }),
  datasetSha256: async (project, datasetVersion) =>
    (await ask(stage, getDatasetVersion, { project, datasetVersion })).contentSha256,
};
const deps = {
  sources,
  chooser: createRowChooser({
    dataBucket: env.DATA_BUCKET,
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  }),
  store: createTrainingSetStore(createTable(documentClient(), env.TABLE_NAME)),
  clock: systemClock,
};

export const handler = taskHandler(contract.buildTrainingSet, (input, { metadata }) =>
  buildTrainingSet(deps, input, metadata),
);
