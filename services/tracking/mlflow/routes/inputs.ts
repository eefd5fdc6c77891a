import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { int64, keyValue, repeated } from '#shared/mlflow/wire.ts';

const service = 'tracking' as const;

/** Lambda takes 6 MB with the envelope, in which each quote of a JSON body is two characters. */
const maxInputsBytes = 4_500_000;

const dataset = z.object({
  name: z.string(),
  digest: z.string(),
  source_type: z.string().default(''),
  source: z.string().default(''),
  schema: z.string().optional(),
  profile: z.string().optional(),
});

export const logInputs = defineMlflowRoute({
  service,
  name: 'MlflowService.logInputs',
  method: 'POST',
  path: '/mlflow/runs/log-inputs',
  role: 'scientist',
  maxBodyBytes: maxInputsBytes,
  message: z.object({
    run_id: z.string().min(1),
    datasets: repeated(z.object({ dataset, tags: repeated(keyValue) })),
    models: repeated(z.object({ model_id: z.string().min(1) })),
  }),
});

export const logOutputs = defineMlflowRoute({
  service,
  name: 'MlflowService.logOutputs',
  method: 'POST',
  path: '/mlflow/runs/outputs',
  role: 'scientist',
  message: z.object({
    run_id: z.string().min(1),
    models: repeated(z.object({ model_id: z.string().min(1), step: int64.default(0) })),
  }),
});

export const logModel = defineMlflowRoute({
  service,
  name: 'MlflowService.logModel',
  method: 'POST',
  path: '/mlflow/runs/log-model',
  role: 'scientist',
  message: z.object({ run_id: z.string().min(1), model_json: z.string().min(1) }),
});

export const searchDatasets = defineMlflowRoute({
  service,
  name: 'MlflowService.searchDatasets',
  method: 'POST',
  path: '/mlflow/experiments/search-datasets',
  role: 'viewer',
  message: z.object({ experiment_ids: repeated(z.string()) }),
});

export const inputRoutes = [logInputs, logOutputs, logModel, searchDatasets];
