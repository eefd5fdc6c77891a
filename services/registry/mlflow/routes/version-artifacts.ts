import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';

/** What MLflow's web page opens and downloads files of a version by. */
export const getVersionArtifact = defineMlflowRoute({
  service: 'registry',
  name: 'getModelVersionArtifact',
  method: 'GET',
  path: '/model-versions/get-artifact',
  versions: [],
  role: 'viewer',
  message: z.object({ name: z.string(), version: z.string(), path: z.string() }),
});

export const versionArtifactRoutes = [getVersionArtifact];
