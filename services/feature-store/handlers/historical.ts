import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { downloadAddress } from '#shared/aws/download-address.ts';
import { createJobRunner } from '#shared/aws/processing-jobs.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import type { documentEnvironment, jobEnvironment } from '../env.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createEntityFiles } from '../store/entity-files.ts';
import { askEntityDatasets, askProjectDefinitions } from '../store/neighbours.ts';
import { createRetrievalDispatcher } from '../store/retrieval-dispatcher.ts';
import { createRetrievalDocuments } from '../store/retrieval-documents.ts';
import { createRetrievalJobs } from '../store/retrieval-jobs.ts';
import { createRetrievalStore } from '../store/retrieval-store.ts';
import { newestDeclared } from '../use-cases/newest-declared.ts';
import { openViewFiles } from './open-view-files.ts';

type Environment<Schema extends z.ZodType> = z.output<Schema>;

/** What works on retrievals. */
export function retrievalDeps({
  TABLE_NAME,
  DATA_BUCKET,
  MILLRACE_STAGE,
}: Environment<typeof documentEnvironment>) {
  return {
    retrievals: createRetrievalStore(createTable(documentClient(), TABLE_NAME), systemClock),
    documents: createRetrievalDocuments(DATA_BUCKET),
    dispatcher: createRetrievalDispatcher(MILLRACE_STAGE),
    clock: systemClock,
  };
}

/** What runs Processing jobs. */
export function retrievalJobDeps(env: Environment<typeof jobEnvironment>) {
  const runner = createJobRunner(new SageMakerClient({}), {
    roleArn: env.PROCESSING_ROLE_ARN,
    imageUri: env.PROCESSING_IMAGE_URI,
    encryptionKeyArn: env.ENCRYPTION_KEY_ARN,
  });
  return { ...retrievalDeps(env), jobs: createRetrievalJobs(runner, env.DATA_BUCKET) };
}

/** What answers people who ask for training sets. */
export function historicalDeps(env: Environment<typeof documentEnvironment>) {
  const table = createTable(documentClient(), env.TABLE_NAME);
  return {
    ...retrievalDeps(env),
    declared: newestDeclared({
      definitions: createDefinitionStore(table),
      projects: askProjectDefinitions(env.MILLRACE_STAGE),
      clock: systemClock,
    }),
    datasets: askEntityDatasets(env.MILLRACE_STAGE),
    viewFiles: openViewFiles(env.MILLRACE_STAGE, table),
    files: createEntityFiles(table, env.DATA_BUCKET),
    ids: ulidGenerator,
    downloadAddress,
  };
}
