import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { artifactProxyRoutes } from '../mlflow/artifact-proxy.ts';
import { artifactRoutes } from '../mlflow/artifacts.ts';
import { assessmentRoutes } from '../mlflow/assessments.ts';
import { experimentRoutes } from '../mlflow/experiments.ts';
import { runRoutes } from '../mlflow/runs.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { traceMetricRoutes } from '../mlflow/trace-metrics.ts';
import { traceRoutes } from '../mlflow/traces.ts';
import { traceRoutesV2 } from '../mlflow/traces-v2.ts';
import { artifactDeps } from './artifacts.ts';
import { traceDeps } from './traces.ts';
import { trackingDeps } from './tracking.ts';

const core = trackingDeps();
const artifacts = artifactDeps();
const traces = traceDeps();

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler([
  ...serverRoutes(),
  ...experimentRoutes(core),
  ...runRoutes(core),
  ...artifactProxyRoutes(artifacts),
  ...artifactRoutes(artifacts),
  ...traceRoutes(traces),
  ...traceRoutesV2(traces),
  ...assessmentRoutes(traces),
  ...traceMetricRoutes(traces),
]);
