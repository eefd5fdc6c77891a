import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';

/** The newest MLflow whose REST API this server answers; clients ask for it before they use what came later. */
export const answeredMlflowVersion = '3.17.2';

/** Whether the server answers: for load balancers and programs that wait for it. */
export const health = defineMlflowRoute({
  service: 'tracking',
  name: 'health',
  method: 'GET',
  path: '/health',
  versions: [],
  role: 'public',
  message: z.object({}),
});

export const version = defineMlflowRoute({
  service: 'tracking',
  name: 'version',
  method: 'GET',
  path: '/version',
  versions: [],
  role: 'public',
  message: z.object({}),
});

/** What a client asks of a server before it uses it. */
export const serverInfo = defineMlflowRoute({
  service: 'tracking',
  name: 'serverInfo',
  method: 'GET',
  path: '/mlflow/server-info',
  versions: ['3.0'],
  role: 'authenticated',
  message: z.object({}),
});

export const serverRoutes = [health, version, serverInfo];
