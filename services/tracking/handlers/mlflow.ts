import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowEdge } from '#shared/mlflow/edge.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { mlflowEnvironment } from '../env.ts';
import { artifactProxyRoutes } from '../mlflow/artifact-proxy.ts';
import { artifactRoutes } from '../mlflow/artifacts.ts';
import { assessmentRoutes } from '../mlflow/assessments.ts';
import { chartRoutes } from '../mlflow/charts.ts';
import { evaluationDatasetRoutes } from '../mlflow/evaluation-datasets.ts';
import { experimentRoutes } from '../mlflow/experiments.ts';
import { inputRoutes } from '../mlflow/inputs.ts';
import { loggedModelRoutes } from '../mlflow/logged-models.ts';
import { purgeRoutes } from '../mlflow/purge.ts';
import { runRoutes } from '../mlflow/runs.ts';
import { scorerRoutes } from '../mlflow/scorers.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { traceMetricRoutes } from '../mlflow/trace-metrics.ts';
import { traceRoutes } from '../mlflow/traces.ts';
import { traceRoutesV2 } from '../mlflow/traces-v2.ts';
import { artifactDeps } from './artifacts.ts';
import { modelDeps } from './models.ts';
import { traceDeps } from './traces.ts';
import { mlflowDeps } from './tracking.ts';

const core = mlflowDeps();
const artifacts = artifactDeps();
const traces = traceDeps();
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
  ...traceRoutes(traces),
  ...traceRoutesV2(traces),
  ...assessmentRoutes(traces),
  ...traceMetricRoutes(traces),
  ...loggedModelRoutes(models),
  ...evaluationDatasetRoutes(models),
  ...scorerRoutes(models),
];

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler(routes, mlflowEdge(readEnvironment(mlflowEnvironment)));
