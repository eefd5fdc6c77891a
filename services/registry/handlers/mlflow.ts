import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { registeredModelRoutes } from '../mlflow/registered-models.ts';
import { registryDeps } from './registry.ts';

/** The registry's part of MLflow's REST API. */
export const handler = mlflowHandler([...registeredModelRoutes(registryDeps())]);
