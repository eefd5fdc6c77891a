import * as z from 'zod';
import { defineMlflowRoute, type MlflowRoute } from '#shared/mlflow/route.ts';
import { int64, repeated } from '#shared/mlflow/wire.ts';

const experimentId = { experiment_id: z.string().min(1) };
const named = { ...experimentId, name: z.string().min(1) };
const version = { version: int64.nullish() };

const define = <Message extends z.ZodType>(
  method: MlflowRoute['method'],
  name: string,
  path: string,
  role: MlflowRoute['role'],
  message: Message,
) =>
  defineMlflowRoute({
    service: 'tracking',
    name: `MlflowService.${name}`,
    method,
    path: `/mlflow/scorers/${path}`,
    versions: ['3.0'],
    role,
    message,
  });

export const registerScorer = define(
  'POST',
  'registerScorer',
  'register',
  'scientist',
  z.object({ ...named, serialized_scorer: z.string().min(1) }),
);
export const listScorers = define(
  'GET',
  'listScorers',
  'list',
  'viewer',
  z.object({ experiment_id: z.string().nullish(), experiment_ids: repeated(z.string()) }),
);
export const listScorerVersions = define('GET', 'listScorerVersions', 'versions', 'viewer', z.object(named));
export const getScorer = define('GET', 'getScorer', 'get', 'viewer', z.object({ ...named, ...version }));
export const deleteScorer = define(
  'DELETE',
  'deleteScorer',
  'delete',
  'scientist',
  z.object({ ...named, ...version }),
);

/** Not in the protocol buffers: clients of mlflow 3.17 ask it with every scorer that they read. */
export const getOnlineScoringConfigs = define(
  'GET',
  'getOnlineScoringConfigs',
  'online-configs',
  'authenticated',
  z.object({ scorer_ids: repeated(z.string()) }),
);

export const scorerRoutes = [
  registerScorer,
  listScorers,
  listScorerVersions,
  getScorer,
  deleteScorer,
  getOnlineScoringConfigs,
];
