import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowEdge } from '#shared/mlflow/edge.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { mlflowEnvironment } from '../env.ts';
import { artifactProxyRoutes } from '../mlflow/artifact-proxy.ts';
import { artifactRoutes } from '../mlflow/artifacts.ts';
import { experimentRoutes } from '../mlflow/experiments.ts';
import { runRoutes } from '../mlflow/runs.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { artifactDeps } from './artifacts.ts';
import { trackingDeps } from './tracking.ts';

const core = trackingDeps();
const artifacts = artifactDeps();
const routes = [
  ...serverRoutes(),
  ...experimentRoutes(core),
  ...runRoutes(core),
  ...artifactProxyRoutes(artifacts),
  ...artifactRoutes(artifacts),
];

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler(routes, mlflowEdge(readEnvironment(mlflowEnvironment)));
