import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';

export const getRegisteredModel = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.getRegisteredModel',
  method: 'GET',
  path: '/mlflow/registered-models/get',
  role: 'viewer',
  message: z.object({ name: z.string() }),
});

export const registeredModelRoutes = [getRegisteredModel];
