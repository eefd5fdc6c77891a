import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { callHandler } from '#shared/lambda/event.ts';
import { planEnvironment } from '../env.ts';
import { advanceRetrieval } from '../use-cases/advance-retrieval.ts';
import { retrievalToRun } from '../use-cases/retrieval-calls.ts';
import { retrievalJobDeps } from './historical.ts';
import { openViewFiles } from './open-view-files.ts';

const env = readEnvironment(planEnvironment);
const deps = {
  ...retrievalJobDeps(env),
  viewFiles: openViewFiles(env.MILLRACE_STAGE, createTable(documentClient(), env.TABLE_NAME)),
  stage: env.MILLRACE_STAGE,
  functionMaxBytes: env.FUNCTION_CHECK_MAX_BYTES,
};

export const handler = callHandler(retrievalToRun, (retrieval) => advanceRetrieval(deps, retrieval));
