import { setTimeout as pause } from 'node:timers/promises';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { mlflowEnvironment } from '../env.ts';
import { artifactProxyRoutes } from '../mlflow/artifact-proxy.ts';
import { artifactRoutes } from '../mlflow/artifacts.ts';
import { assessmentRoutes } from '../mlflow/assessments.ts';
import { experimentRoutes } from '../mlflow/experiments.ts';
import { runRoutes } from '../mlflow/runs.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { traceMetricRoutes } from '../mlflow/trace-metrics.ts';
import { traceRoutes } from '../mlflow/traces.ts';
import { traceRoutesV2 } from '../mlflow/traces-v2.ts';
import { createArtifactStore } from '../store/artifact-store.ts';
import { createHeads } from '../store/heads-store.ts';
import { createSealedSources } from '../store/sealed-store.ts';
import { createTraceStore } from '../store/traces-store.ts';
import type { ArtifactDeps } from '../use-cases/artifact-access.ts';
import { trackingDeps } from './tracking.ts';

const { TABLE_NAME, MODELS_BUCKET } = readEnvironment(mlflowEnvironment);
const table = createTable(documentClient(), TABLE_NAME);
const core = trackingDeps();
const artifacts: ArtifactDeps = {
  heads: createHeads(table),
  artifacts: createArtifactStore(MODELS_BUCKET),
  sealed: createSealedSources(table),
};
const traces = {
  heads: artifacts.heads,
  store: createTraceStore(table, artifacts.artifacts, pause),
  clock: systemClock,
  ids: ulidGenerator,
  pause,
};

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
