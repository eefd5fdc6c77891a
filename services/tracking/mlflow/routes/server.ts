import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';

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

export const serverRoutes = [serverInfo];
