import { readEnvironment } from '#shared/lambda/environment.ts';
import { callHandler } from '#shared/lambda/event.ts';
import { rowEnvironment } from '../env.ts';
import { createRetriever } from '../store/retriever.ts';
import { retrievalToRun } from '../use-cases/retrieval-calls.ts';
import { runRetrieval } from '../use-cases/run-retrieval.ts';
import { retrievalDeps } from './historical.ts';

const env = readEnvironment(rowEnvironment);
const deps = {
  ...retrievalDeps(env),
  retriever: createRetriever({ dataBucket: env.DATA_BUCKET, memoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE }),
};

/** Retrieves in a function of whatever size. */
export const retrieve = callHandler(retrievalToRun, (retrieval) => runRetrieval(deps, retrieval));
