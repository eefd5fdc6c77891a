import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { groupWriterEnvironment } from '../env.ts';
import { createMaterializationFiles } from '../store/materialization-files.ts';
import { createMaterializedWriters } from '../store/materialized-writers.ts';
import { createFeatureGroups } from '../store/sagemaker-feature-group.ts';
import { writePart } from '../use-cases/write-part.ts';
import { materializationDeps } from './materialization.ts';

const env = readEnvironment(groupWriterEnvironment);
const deps = {
  ...materializationDeps(env),
  files: createMaterializationFiles(env.DATA_BUCKET),
  writers: createMaterializedWriters({
    table: createTable(documentClient(), env.TABLE_NAME),
    featureGroups: new SageMakerFeatureStoreRuntimeClient({}),
    stage: env.MILLRACE_STAGE,
    groups: createFeatureGroups(new SageMakerClient({}), {
      stage: env.MILLRACE_STAGE,
      dataBucket: env.DATA_BUCKET,
      roleArn: env.FEATURE_GROUP_ROLE_ARN,
      ...(env.ENCRYPTION_KEY_ARN ? { encryptionKeyArn: env.ENCRYPTION_KEY_ARN } : {}),
    }),
  }),
};

export const handler = taskHandler(contract.writePart, async (input) => {
  await writePart(deps, input);
  return {};
});
