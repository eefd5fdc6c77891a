import { mlflowHandler } from '#shared/mlflow/handler.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment } from '../env.ts';
import { modelVersionRoutes } from '../mlflow/model-versions.ts';
import { registeredModelRoutes } from '../mlflow/registered-models.ts';
import { createArtifactPlaces } from '../store/artifact-places.ts';
import { registryDeps } from './registry.ts';

const deps = { ...registryDeps(), places: createArtifactPlaces(readEnvironment(environment).MILLRACE_STAGE) };

/** The registry's part of MLflow's REST API. */
export const handler = mlflowHandler([...registeredModelRoutes(deps), ...modelVersionRoutes(deps)]);
