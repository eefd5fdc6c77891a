import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { builderEnvironment } from '../env.ts';
import { createCaptureFiles } from '../store/capture-files.ts';
import { createMaterializationPlanner } from '../store/materialization-planner.ts';
import { createViewSourceObjects } from '../store/view-source-objects.ts';
import { planMaterialization } from '../use-cases/plan-materialization.ts';
import { materializationDeps } from './materialization.ts';

const env = readEnvironment(builderEnvironment);
const shared = materializationDeps(env);
const deps = {
  ...shared,
  planner: createMaterializationPlanner({
    dataBucket: env.DATA_BUCKET,
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    sources: createViewSourceObjects({
      validatedRows: shared.validatedRows,
      captureFiles: createCaptureFiles(createTable(documentClient(), env.TABLE_NAME)),
    }),
    ids: shared.ids,
  }),
};

export const handler = taskHandler(contract.planMaterialization, (input) => planMaterialization(deps, input));
