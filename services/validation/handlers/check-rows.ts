import { readEnvironment } from '#shared/lambda/environment.ts';
import { callHandler } from '#shared/lambda/event.ts';
import { rowEnvironment } from '../env.ts';
import { createRowChecker } from '../store/row-checker.ts';
import { checkToRun } from '../use-cases/check-calls.ts';
import { runCheck } from '../use-cases/run-check.ts';
import { outcomeDeps } from './composition.ts';

const env = readEnvironment(rowEnvironment);
const deps = {
  ...outcomeDeps(env),
  checker: createRowChecker({
    dataBucket: env.DATA_BUCKET,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  }),
};

/** Checks the rows of a version, in a function of whatever size. */
export const checkRows = callHandler(checkToRun, (check) => runCheck(deps, check));
