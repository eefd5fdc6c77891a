import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { failureText } from '../domain/failure-text.ts';
import { queryEnvironment } from '../env.ts';
import { failMaterialization } from '../use-cases/end-materialization.ts';
import { materializationDeps } from './materialization.ts';

const deps = materializationDeps(readEnvironment(queryEnvironment));

export const handler = taskHandler(contract.failMaterialization, async ({ error, cause, ...execution }) => {
  await failMaterialization(deps, execution, failureText(error, cause));
  return {};
});
