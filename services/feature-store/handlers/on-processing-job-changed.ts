import { readEnvironment } from '#shared/lambda/environment.ts';
import { processingJobHandler } from '#shared/lambda/processing-job.ts';
import { jobEnvironment } from '../env.ts';
import { settleRetrievalJob } from '../use-cases/settle-retrieval-job.ts';
import { retrievalJobDeps } from './historical.ts';

const deps = retrievalJobDeps(readEnvironment(jobEnvironment));

export const handler = processingJobHandler((jobName) => settleRetrievalJob(deps, jobName));
