import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { chartRoutes } from '../mlflow/charts.ts';
import { experimentRoutes } from '../mlflow/experiments.ts';
import { inputRoutes } from '../mlflow/inputs.ts';
import { purgeRoutes } from '../mlflow/purge.ts';
import { runRoutes } from '../mlflow/runs.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { mlflowDeps } from './tracking.ts';

const core = mlflowDeps();

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler([
  ...serverRoutes(),
  ...experimentRoutes(core),
  ...runRoutes(core),
  ...inputRoutes(core),
  ...chartRoutes(core),
  ...purgeRoutes(core),
]);
