import { readEnvironment } from '#shared/lambda/environment.ts';
import { callHandler } from '#shared/lambda/event.ts';
import { planEnvironment } from '../env.ts';
import { advanceRetrieval } from '../use-cases/advance-retrieval.ts';
import { retrievalToRun } from '../use-cases/retrieval-calls.ts';
import { retrievalJobDeps, viewFilesOf } from './historical.ts';

const env = readEnvironment(planEnvironment);
const deps = {
  ...retrievalJobDeps(env),
  viewFiles: viewFilesOf(env),
  stage: env.MILLRACE_STAGE,
  functionMaxBytes: env.FUNCTION_CHECK_MAX_BYTES,
};

export const handler = callHandler(retrievalToRun, (retrieval) => advanceRetrieval(deps, retrieval));
