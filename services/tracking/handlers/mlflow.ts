import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { experimentRoutes } from '../mlflow/experiments.ts';
import { runRoutes } from '../mlflow/runs.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { trackingDeps } from './tracking.ts';

const core = trackingDeps();

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler([...serverRoutes(), ...experimentRoutes(core), ...runRoutes(core)]);
