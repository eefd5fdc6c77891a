import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { mlflowEdge } from '#shared/mlflow/settings.ts';
import { mlflowEnvironment } from '../env.ts';
import { artifactProxyRoutes } from '../mlflow/artifact-proxy.ts';
import { artifactRoutes } from '../mlflow/artifacts.ts';
import { chartRoutes } from '../mlflow/charts.ts';
import { evaluationDatasetRoutes } from '../mlflow/evaluation-datasets.ts';
import { experimentRoutes } from '../mlflow/experiments.ts';
import { inputRoutes } from '../mlflow/inputs.ts';
import { loggedModelRoutes } from '../mlflow/logged-models.ts';
import { purgeRoutes } from '../mlflow/purge.ts';
import { runRoutes } from '../mlflow/runs.ts';
import { scorerRoutes } from '../mlflow/scorers.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { artifactDeps } from './artifacts.ts';
import { modelDeps } from './models.ts';
import { mlflowDeps } from './tracking.ts';

const core = mlflowDeps();
const artifacts = artifactDeps();
const models = modelDeps();

const routes = [
  ...serverRoutes(),
  ...experimentRoutes(core),
  ...runRoutes(core, models),
  ...inputRoutes(core),
  ...chartRoutes(core),
  ...purgeRoutes(core),
  ...artifactProxyRoutes(artifacts),
  ...artifactRoutes(artifacts),
  ...loggedModelRoutes(models),
  ...evaluationDatasetRoutes(models),
  ...scorerRoutes(models),
];

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler(routes, mlflowEdge(readEnvironment(mlflowEnvironment)));
