import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { double, int64, keyValue, repeated } from '#shared/mlflow/wire.ts';
import { runStatuses } from '../../domain/run.ts';
import { viewType } from './view-type.ts';

const service = 'tracking' as const;

/** Clients of MLflow 0.x send `run_uuid`, others both. */
const runId = { run_id: z.string().optional(), run_uuid: z.string().optional() };
const ofRun = z.object(runId);

const post = <Message extends z.ZodType>(
  method: string,
  path: string,
  message: Message,
  role: 'scientist' | 'viewer' = 'scientist',
) =>
  defineMlflowRoute({
    service,
    name: `MlflowService.${method}`,
    method: 'POST',
    path: `/mlflow/runs/${path}`,
    role,
    message,
  });

export const createRun = post(
  'createRun',
  'create',
  z.object({
    experiment_id: z.string().default(''),
    user_id: z.string().default(''),
    run_name: z.string().default(''),
    start_time: int64.optional(),
    tags: repeated(keyValue),
  }),
);

/** A status by name, or by its number in MLflow's protocol buffers. */
const status = z
  .union([
    z.enum(runStatuses),
    z
      .int()
      .min(1)
      .max(runStatuses.length)
      .transform((number) => runStatuses[number - 1]!),
  ])
  .optional();

export const updateRun = post(
  'updateRun',
  'update',
  z.object({ ...runId, status, end_time: int64.optional(), run_name: z.string().optional() }),
);
export const deleteRun = post('deleteRun', 'delete', z.object({ run_id: z.string().min(1) }));
export const restoreRun = post('restoreRun', 'restore', z.object({ run_id: z.string().min(1) }));

export const getRun = defineMlflowRoute({
  service,
  name: 'MlflowService.getRun',
  method: 'GET',
  path: '/mlflow/runs/get',
  role: 'viewer',
  message: ofRun,
});

export const logMetric = post(
  'logMetric',
  'log-metric',
  z.object({
    ...runId,
    key: z.string(),
    value: double,
    timestamp: int64,
    step: int64.default(0),
    model_id: z.string().optional(),
    dataset_name: z.string().optional(),
    dataset_digest: z.string().optional(),
  }),
);
export const logParam = post(
  'logParam',
  'log-parameter',
  z.object({ ...runId, key: z.string(), value: z.string().default('') }),
);
export const setTag = post(
  'setTag',
  'set-tag',
  z.object({ ...runId, key: z.string(), value: z.string().default('') }),
);
export const deleteTag = post(
  'deleteTag',
  'delete-tag',
  z.object({ run_id: z.string().min(1), key: z.string() }),
);

/** Lists of a thousand are checked by hand (mlflow/batch-message.ts): it takes a twentieth of the time. */
export const logBatch = post(
  'logBatch',
  'log-batch',
  z.object({
    run_id: z.string().min(1),
    metrics: repeated(z.unknown()),
    params: repeated(z.unknown()),
    tags: repeated(z.unknown()),
  }),
);

export const searchRuns = post(
  'searchRuns',
  'search',
  z.object({
    experiment_ids: repeated(z.string()),
    filter: z.string().default(''),
    run_view_type: viewType.default('ACTIVE_ONLY'),
    max_results: int64.default(1000),
    order_by: repeated(z.string()),
    page_token: z.string().optional(),
  }),
  'viewer',
);

export const getMetricHistory = defineMlflowRoute({
  service,
  name: 'MlflowService.getMetricHistory',
  method: 'GET',
  path: '/mlflow/metrics/get-history',
  role: 'viewer',
  message: z.object({
    ...runId,
    metric_key: z.string().min(1),
    page_token: z.string().optional(),
    max_results: int64.optional(),
  }),
});

export const runRoutes = [
  createRun,
  updateRun,
  deleteRun,
  restoreRun,
  getRun,
  logMetric,
  logParam,
  setTag,
  deleteTag,
  logBatch,
  searchRuns,
  getMetricHistory,
];
