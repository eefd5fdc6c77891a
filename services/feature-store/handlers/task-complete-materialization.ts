import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { writerEnvironment } from '../env.ts';
import { createMaterializationFiles } from '../store/materialization-files.ts';
import { completeMaterialization } from '../use-cases/end-materialization.ts';
import { materializationDeps } from './materialization.ts';

const env = readEnvironment(writerEnvironment);
const deps = { ...materializationDeps(env), files: createMaterializationFiles(env.DATA_BUCKET) };

export const handler = taskHandler(contract.completeMaterialization, async (input) => {
  await completeMaterialization(deps, input);
  return {};
});
