import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { logModel as task } from '../contract.ts';
import { modelEnvironment } from '../env.ts';
import { createHeads } from '../store/heads-store.ts';
import { modelArtifacts } from '../store/model-artifacts.ts';
import { logModel } from '../use-cases/log-model.ts';

const { TABLE_NAME, MODELS_BUCKET } = readEnvironment(modelEnvironment);
const deps = {
  heads: createHeads(createTable(documentClient(), TABLE_NAME)),
  artifacts: modelArtifacts,
  modelsBucket: MODELS_BUCKET,
};

export const handler = taskHandler(task, (input) => logModel(deps, input));
