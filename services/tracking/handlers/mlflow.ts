import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { mlflowEdge } from '#shared/mlflow/settings.ts';
import { mlflowEnvironment } from '../env.ts';
import { serverRoutes } from '../mlflow/server.ts';

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler([...serverRoutes()], mlflowEdge(readEnvironment(mlflowEnvironment)));
