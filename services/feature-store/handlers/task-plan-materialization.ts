import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { builderEnvironment } from '../env.ts';
import { createMaterializationPlanner } from '../store/materialization-planner.ts';
import { planMaterialization } from '../use-cases/plan-materialization.ts';
import { materializationDeps } from './materialization.ts';
import { openViewFiles } from './open-view-files.ts';

const env = readEnvironment(builderEnvironment);
const shared = materializationDeps(env);
const viewFiles = openViewFiles(env.MILLRACE_STAGE, createTable(documentClient(), env.TABLE_NAME));
const deps = {
  ...shared,
  planner: createMaterializationPlanner({
    dataBucket: env.DATA_BUCKET,
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    viewFiles,
    ids: shared.ids,
  }),
};

export const handler = taskHandler(contract.planMaterialization, (input) => planMaterialization(deps, input));
