import { SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler } from '#shared/lambda/http.ts';
import { onDemandValues } from '../domain/on-demand.ts';
import { httpEnvironment } from '../env.ts';
import { cachedDefinitions } from '../store/cached-definitions.ts';
import { createDefinitionStore, createPinningModelStore } from '../store/definition-store.ts';
import { openOnlineStores } from '../store/online-stores.ts';
import { createRecordStore } from '../store/record-store.ts';
import { createViewStates } from '../store/view-state.ts';
import { historicalDeps } from './historical.ts';
import { materializationDeps } from './materialization.ts';
import { oversightDeps } from './oversight.ts';
import { definitionRoutes } from './routes/definitions.ts';
import { historicalRoutes } from './routes/historical.ts';
import { materializationRoutes } from './routes/materialization.ts';
import { onlineRoutes } from './routes/online.ts';
import { oversightRoutes } from './routes/oversight.ts';

const env = readEnvironment(httpEnvironment);
const table = createTable(documentClient(), env.TABLE_NAME);
const definitions = createDefinitionStore(table);

export const handler = httpHandler([
  ...definitionRoutes({
    definitions,
    models: createPinningModelStore(table),
    states: createViewStates(table),
  }),
  ...historicalRoutes(historicalDeps(env)),
  ...materializationRoutes(materializationDeps(env)),
  ...onlineRoutes({
    definitions: cachedDefinitions(definitions, systemClock),
    reader: openOnlineStores({
      table,
      featureGroups: new SageMakerFeatureStoreRuntimeClient({}),
      stage: env.MILLRACE_STAGE,
    }),
    records: createRecordStore(table),
    onDemand: onDemandValues,
    clock: systemClock,
  }),
  ...oversightRoutes(oversightDeps(env)),
]);
