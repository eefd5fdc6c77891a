import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler } from '#shared/lambda/http.ts';
import { httpEnvironment } from '../env.ts';
import { createDefinitionStore, createPinningModelStore } from '../store/definition-store.ts';
import { historicalDeps } from './historical.ts';
import { definitionRoutes } from './routes/definitions.ts';
import { historicalRoutes } from './routes/historical.ts';

const env = readEnvironment(httpEnvironment);
const table = createTable(documentClient(), env.TABLE_NAME);
const definitions = createDefinitionStore(table);

export const handler = httpHandler([
  ...definitionRoutes({
    definitions,
    models: createPinningModelStore(table),
    states: { of: async (_project, views) => views.map(() => ({})) },
  }),
  ...historicalRoutes(historicalDeps(env)),
]);
