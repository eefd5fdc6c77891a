import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { completeTraining as task } from '../contract.ts';
import { environment } from '../env.ts';
import { completeTraining } from '../use-cases/end-training.ts';
import { governorDeps } from './governor.ts';

const deps = governorDeps(readEnvironment(environment));

export const handler = taskHandler(task, async (input) => {
  await completeTraining(deps, input);
  return {};
});
