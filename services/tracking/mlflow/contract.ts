import type { MlflowRoute } from '#shared/mlflow/route.ts';
import { artifactProxyRoutes } from './routes/artifact-proxy.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { assessmentRoutes } from './routes/assessments.ts';
import { chartRoutes } from './routes/charts.ts';
import { evaluationDatasetRoutes } from './routes/evaluation-datasets.ts';
import { experimentRoutes } from './routes/experiments.ts';
import { inputRoutes } from './routes/inputs.ts';
import { loggedModelRoutes } from './routes/logged-models.ts';
import { purgeRoutes } from './routes/purge.ts';
import { runRoutes } from './routes/runs.ts';
import { scorerRoutes } from './routes/scorers.ts';
import { serverRoutes } from './routes/server.ts';
import { traceMetricRoutes } from './routes/trace-metrics.ts';
import { traceRoutes } from './routes/traces.ts';

/** Operations of MLflow's REST API that this service answers. */
export const mlflowRoutes: readonly MlflowRoute[] = [
  ...serverRoutes,
  ...experimentRoutes,
  ...runRoutes,
  ...artifactProxyRoutes,
  ...artifactRoutes,
  ...traceRoutes,
  ...assessmentRoutes,
  ...traceMetricRoutes,
  ...inputRoutes,
  ...chartRoutes,
  ...purgeRoutes,
  ...loggedModelRoutes,
  ...evaluationDatasetRoutes,
  ...scorerRoutes,
];
