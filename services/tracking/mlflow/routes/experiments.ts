import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { int64, keyValue, repeated } from '#shared/mlflow/wire.ts';
import { viewType } from './view-type.ts';

const service = 'tracking' as const;
const experimentId = z.object({ experiment_id: z.string().min(1) });

export const createExperiment = defineMlflowRoute({
  service,
  name: 'MlflowService.createExperiment',
  method: 'POST',
  path: '/mlflow/experiments/create',
  role: 'scientist',
  message: z.object({
    name: z.string(),
    artifact_location: z.string().default(''),
    tags: repeated(keyValue),
  }),
});

export const getExperiment = defineMlflowRoute({
  service,
  name: 'MlflowService.getExperiment',
  method: 'GET',
  path: '/mlflow/experiments/get',
  role: 'viewer',
  message: experimentId,
});

export const getExperimentByName = defineMlflowRoute({
  service,
  name: 'MlflowService.getExperimentByName',
  method: 'GET',
  path: '/mlflow/experiments/get-by-name',
  role: 'viewer',
  message: z.object({ experiment_name: z.string().min(1) }),
});

export const updateExperiment = defineMlflowRoute({
  service,
  name: 'MlflowService.updateExperiment',
  method: 'POST',
  path: '/mlflow/experiments/update',
  role: 'scientist',
  message: experimentId.extend({ new_name: z.string() }),
});

export const deleteExperiment = defineMlflowRoute({
  service,
  name: 'MlflowService.deleteExperiment',
  method: 'POST',
  path: '/mlflow/experiments/delete',
  role: 'scientist',
  message: experimentId,
});

export const restoreExperiment = defineMlflowRoute({
  service,
  name: 'MlflowService.restoreExperiment',
  method: 'POST',
  path: '/mlflow/experiments/restore',
  role: 'scientist',
  message: experimentId,
});

export const setExperimentTag = defineMlflowRoute({
  service,
  name: 'MlflowService.setExperimentTag',
  method: 'POST',
  path: '/mlflow/experiments/set-experiment-tag',
  role: 'scientist',
  message: experimentId.extend({ key: z.string(), value: z.string().default('') }),
});

export const deleteExperimentTag = defineMlflowRoute({
  service,
  name: 'MlflowService.deleteExperimentTag',
  method: 'POST',
  path: '/mlflow/experiments/delete-experiment-tag',
  role: 'scientist',
  message: experimentId.extend({ key: z.string() }),
});

const searched = z.object({
  max_results: int64.default(1000),
  page_token: z.string().optional(),
  filter: z.string().default(''),
  order_by: repeated(z.string()),
  view_type: viewType.default('ACTIVE_ONLY'),
});

const search = (method: 'GET' | 'POST') =>
  defineMlflowRoute({
    service,
    name: method === 'POST' ? 'MlflowService.searchExperiments' : 'MlflowService.searchExperiments.get',
    method,
    path: '/mlflow/experiments/search',
    role: 'viewer',
    message: searched,
  });
export const searchExperiments = search('POST');
export const searchExperimentsByQuery = search('GET');

export const experimentRoutes = [
  createExperiment,
  getExperiment,
  getExperimentByName,
  updateExperiment,
  deleteExperiment,
  restoreExperiment,
  setExperimentTag,
  deleteExperimentTag,
  searchExperiments,
  searchExperimentsByQuery,
];
