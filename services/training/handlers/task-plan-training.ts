import { ECRClient } from '@aws-sdk/client-ecr';
import * as z from 'zod';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { planTraining as task } from '../contract.ts';
import { planEnvironment } from '../env.ts';
import { createImageRegistry } from '../store/image-registry.ts';
import { createNeighbours } from '../store/neighbours.ts';
import { planTraining } from '../use-cases/plan-training.ts';

const env = readEnvironment(planEnvironment.extend({ AWS_REGION: z.string().min(1) }));
const deps = {
  neighbours: createNeighbours(env.MILLRACE_STAGE),
  images: createImageRegistry(new ECRClient({})),
  region: env.AWS_REGION,
  codeVersion: env.CODE_VERSION,
};

export const handler = taskHandler(task, (input) => planTraining(deps, input));
