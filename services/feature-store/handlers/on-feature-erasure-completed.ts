import { FeatureErasureCompleted } from '#events/feature-store.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { queryEnvironment } from '../env.ts';
import { createEntityViews } from '../store/entity-views.ts';
import { createFeatureErasureStore } from '../store/feature-erasure-store.ts';
import { requestAfterErasure } from '../use-cases/request-after-erasure.ts';
import { materializationDeps } from './materialization.ts';

const env = readEnvironment(queryEnvironment);
const table = createTable(documentClient(), env.TABLE_NAME);
const deps = {
  ...materializationDeps(env),
  erasures: createFeatureErasureStore(table),
  views: createEntityViews(table),
};

export const handler = eventHandler(FeatureErasureCompleted, ({ detail }) =>
  requestAfterErasure(deps, detail),
);
