import { readEnvironment } from '#shared/lambda/environment.ts';
import { processingJobHandler } from '#shared/lambda/processing-job.ts';
import { jobEnvironment } from '../env.ts';
import { settleJob } from '../use-cases/settle-job.ts';
import { jobDeps } from './composition.ts';

const deps = jobDeps(readEnvironment(jobEnvironment));

export const handler = processingJobHandler((jobName) => settleJob(deps, jobName));
