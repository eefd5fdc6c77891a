import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createJobRunner } from '#shared/aws/processing-jobs.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { documentEnvironment, environment, jobEnvironment } from '../env.ts';
import { createCheckStore } from '../store/check-store.ts';
import { createDispatcher } from '../store/dispatcher.ts';
import { createDocuments } from '../store/documents.ts';
import { askDatasets, askProjects } from '../store/neighbours.ts';
import { createOutcomes } from '../store/outcomes.ts';
import { createProcessingJobs } from '../store/processing-jobs.ts';
import { createSuggestionStore } from '../store/suggestion-store.ts';
import { createValidationStore } from '../store/validation-store.ts';

type Environment<Schema extends z.ZodType> = z.output<Schema>;

/** What asks for checks and lets them go on. */
export function requestDeps({ TABLE_NAME, MILLRACE_STAGE }: Environment<typeof environment>) {
  const table = createTable(documentClient(), TABLE_NAME);
  return {
    checks: createCheckStore(table, systemClock),
    store: createValidationStore(table),
    suggestions: createSuggestionStore(table),
    projects: askProjects(MILLRACE_STAGE),
    dispatcher: createDispatcher(MILLRACE_STAGE),
    clock: systemClock,
  };
}

/** What ends checks. */
export function outcomeDeps(env: Environment<typeof documentEnvironment>) {
  return {
    ...requestDeps(env),
    datasets: askDatasets(env.MILLRACE_STAGE),
    documents: createDocuments(env.DATA_BUCKET),
    outcomes: createOutcomes(createTable(documentClient(), env.TABLE_NAME)),
  };
}

/** What runs Processing jobs. */
export function jobDeps(env: Environment<typeof jobEnvironment>) {
  return {
    ...outcomeDeps(env),
    jobs: createProcessingJobs(
      createJobRunner(new SageMakerClient({}), {
        roleArn: env.PROCESSING_ROLE_ARN,
        imageUri: env.PROCESSING_IMAGE_URI,
        encryptionKeyArn: env.ENCRYPTION_KEY_ARN,
      }),
      env.DATA_BUCKET,
    ),
  };
}
