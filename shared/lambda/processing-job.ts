import * as z from 'zod';
import { logger } from '#shared/telemetry/logger.ts';
import { awsEventHandler } from './event.ts';

/** Of the event only the job's name is used: what became of it is asked. */
const jobChange = z.object({ ProcessingJobName: z.string() });

/** A function that SageMaker's events of Processing jobs call; `settle` answers, for the log, what it came to. */
export const processingJobHandler = (settle: (jobName: string) => Promise<string>) =>
  awsEventHandler(
    (detail) => jobChange.parse(detail).ProcessingJobName,
    async (jobName) => {
      logger.info('SageMaker told of a job.', { jobName, settlement: await settle(jobName) });
    },
  );
