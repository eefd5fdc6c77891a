import * as z from 'zod';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { jobEnvironment } from '../env.ts';
import { settleJob } from '../use-cases/settle-job.ts';
import { jobDeps } from './composition.ts';

const deps = jobDeps(readEnvironment(jobEnvironment));

/** Of the event only the job's name is used: what became of it is asked. */
const jobChange = z.object({ ProcessingJobName: z.string() });

export const handler = awsEventHandler(
  (detail) => jobChange.parse(detail).ProcessingJobName,
  async (jobName) => {
    logger.info('SageMaker told of a job.', { jobName, settlement: await settleJob(deps, jobName) });
  },
);
