import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowEdge } from '#shared/mlflow/edge.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { createWebhookSender } from '../delivery/webhook-sender.ts';
import { isOnLaptop, mlflowEnvironment } from '../env.ts';
import { modelVersionRoutes } from '../mlflow/model-versions.ts';
import { registeredModelRoutes } from '../mlflow/registered-models.ts';
import { versionArtifactRoutes } from '../mlflow/version-artifacts.ts';
import { webhookRoutes } from '../mlflow/webhooks.ts';
import { createArtifactPlaces } from '../store/artifact-places.ts';
import { createWebhookStore } from '../store/webhook-store.ts';
import { registryDeps } from './registry.ts';

const settings = readEnvironment(mlflowEnvironment);
const { TABLE_NAME, MILLRACE_STAGE } = settings;
const deps = registryDeps();
const models = { ...deps, places: createArtifactPlaces(MILLRACE_STAGE) };
const plainHttp = isOnLaptop(MILLRACE_STAGE);
const webhooks = {
  ...deps,
  webhooks: createWebhookStore(createTable(documentClient(), TABLE_NAME)),
  sender: createWebhookSender(deps.clock, plainHttp),
  plainHttp,
};

const routes = [
  ...registeredModelRoutes(models),
  ...modelVersionRoutes(models),
  ...versionArtifactRoutes(models),
  ...webhookRoutes(webhooks),
];

/** The registry's part of MLflow's REST API. */
export const handler = mlflowHandler(routes, mlflowEdge(settings));
