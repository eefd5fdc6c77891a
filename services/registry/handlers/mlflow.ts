import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowEdge } from '#shared/mlflow/edge.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { mlflowEnvironment } from '../env.ts';
import { registeredModelRoutes } from '../mlflow/registered-models.ts';
import { registryDeps } from './registry.ts';

const edge = mlflowEdge(readEnvironment(mlflowEnvironment));

/** The registry's part of MLflow's REST API. */
export const handler = mlflowHandler([...registeredModelRoutes(registryDeps())], edge);
