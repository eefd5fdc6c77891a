import { readEnvironment } from '#shared/lambda/environment.ts';
import { waitingTaskHandler } from '#shared/lambda/task.ts';
import { startTransformJob } from '../contract.ts';
import { jobEnvironment } from '../env.ts';
import { startTransform } from '../use-cases/start-job.ts';
import { jobDeps } from './jobs.ts';

const deps = jobDeps(readEnvironment(jobEnvironment));

export const handler = waitingTaskHandler(startTransformJob, (input, context) =>
  startTransform(deps, input, context),
);
