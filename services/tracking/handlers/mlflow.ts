import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { serverRoutes } from '../mlflow/server.ts';

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler([...serverRoutes()]);
