import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { s3Client } from '#shared/aws/objects.ts';
import { createTable } from '#shared/aws/table.ts';
import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { jobEnvironment } from '../env.ts';
import { createJobRunner } from '../store/job-runner.ts';
import { createObjectHasher } from '../store/object-hasher.ts';
import { createTrainingStore } from '../store/training-store.ts';
import type { StartJobDeps } from '../use-cases/start-job.ts';

/** What the functions around SageMaker's jobs have in common. */
export function jobDeps(env: z.output<typeof jobEnvironment>): StartJobDeps {
  return {
    store: createTrainingStore(createTable(documentClient(), env.TABLE_NAME)),
    jobs: createJobRunner(new SageMakerClient({}), env.SAGEMAKER_ROLE_ARN, env.ENCRYPTION_KEY_ARN),
    tokens: createTaskTokens(),
    objects: createObjectHasher(s3Client()),
    clock: systemClock,
    stage: env.MILLRACE_STAGE,
    modelsBucket: env.MODELS_BUCKET,
    dataBucket: env.DATA_BUCKET,
  };
}
