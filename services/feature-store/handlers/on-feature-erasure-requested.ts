import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { FeatureErasureRequested } from '#events/feature-store.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { builderEnvironment } from '../env.ts';
import { openOnlineStores } from '../store/online-stores.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createRecordItems } from '../store/record-items.ts';
import { createRecordRewriter } from '../store/record-rewriter.ts';
import { createStreamFills } from '../store/stream-fills.ts';
import { eraseEntities } from '../use-cases/erase-entities.ts';
import { oversightDeps } from './oversight.ts';

const env = readEnvironment(builderEnvironment);
const table = createTable(documentClient(), env.TABLE_NAME);
const deps = {
  ...oversightDeps(env),
  writerOf: openOnlineStores({
    table,
    featureGroups: new SageMakerFeatureStoreRuntimeClient({}),
    stage: env.MILLRACE_STAGE,
  }).writerOf,
  landed: createRecordFiles(table),
  fills: createStreamFills(table),
  recordItems: createRecordItems(table),
  rewriter: createRecordRewriter({ functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE }),
};

export const handler = eventHandler(FeatureErasureRequested, ({ detail: { metadata, data } }) =>
  eraseEntities(deps, { project: data.project, erasureId: data.erasureId, metadata }),
);
