import { readEnvironment } from '#shared/lambda/environment.ts';
import { waitingTaskHandler } from '#shared/lambda/task.ts';
import { startTrainingJob } from '../contract.ts';
import { jobEnvironment } from '../env.ts';
import { startTraining } from '../use-cases/start-job.ts';
import { jobDeps } from './jobs.ts';

const deps = jobDeps(readEnvironment(jobEnvironment));

export const handler = waitingTaskHandler(startTrainingJob, (input, context) =>
  startTraining(deps, input, context),
);
