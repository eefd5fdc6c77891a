import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { mlflowEnvironment } from '../env.ts';
import { artifactProxyRoutes } from '../mlflow/artifact-proxy.ts';
import { artifactRoutes } from '../mlflow/artifacts.ts';
import { serverRoutes } from '../mlflow/server.ts';
import { createArtifactStore } from '../store/artifact-store.ts';
import { createHeads } from '../store/heads-store.ts';
import { createSealedSources } from '../store/sealed-store.ts';
import type { ArtifactDeps } from '../use-cases/artifact-access.ts';

const { TABLE_NAME, MODELS_BUCKET } = readEnvironment(mlflowEnvironment);
const table = createTable(documentClient(), TABLE_NAME);
const artifacts: ArtifactDeps = {
  heads: createHeads(table),
  artifacts: createArtifactStore(MODELS_BUCKET),
  sealed: createSealedSources(table),
};

/** MLflow's REST API, but for the registry's part. */
export const handler = mlflowHandler([
  ...serverRoutes(),
  ...artifactProxyRoutes(artifacts),
  ...artifactRoutes(artifacts),
]);
