import type { MlflowRoute } from '#shared/mlflow/route.ts';
import { modelVersionRoutes } from './routes/model-versions.ts';
import { registeredModelRoutes } from './routes/registered-models.ts';
import { versionArtifactRoutes } from './routes/version-artifacts.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/** Operations of MLflow's REST API that this service answers. */
export const mlflowRoutes: readonly MlflowRoute[] = [
  ...registeredModelRoutes,
  ...modelVersionRoutes,
  ...versionArtifactRoutes,
  ...webhookRoutes,
];
