import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler } from '#shared/lambda/http.ts';
import { httpEnvironment } from '../env.ts';
import { createDefinitionStore, createPinningModelStore } from '../store/definition-store.ts';
import { createViewStates } from '../store/view-state.ts';
import { historicalDeps } from './historical.ts';
import { materializationDeps } from './materialization.ts';
import { oversightDeps } from './oversight.ts';
import { definitionRoutes } from './routes/definitions.ts';
import { historicalRoutes } from './routes/historical.ts';
import { materializationRoutes } from './routes/materialization.ts';
import { oversightRoutes } from './routes/oversight.ts';

const env = readEnvironment(httpEnvironment);
const table = createTable(documentClient(), env.TABLE_NAME);

export const handler = httpHandler([
  ...definitionRoutes({
    definitions: createDefinitionStore(table),
    models: createPinningModelStore(table),
    states: createViewStates(table),
  }),
  ...historicalRoutes(historicalDeps(env)),
  ...materializationRoutes(materializationDeps(env)),
  ...oversightRoutes(oversightDeps(env)),
]);
