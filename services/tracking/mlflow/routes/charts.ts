import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { int64, repeated } from '#shared/mlflow/wire.ts';

const service = 'tracking' as const;

/** Of MLflow's web page; no protocol buffer declares it. */
export const metricHistoryBulk = defineMlflowRoute({
  service,
  name: 'getMetricHistoryBulk',
  method: 'GET',
  path: '/mlflow/metrics/get-history-bulk',
  role: 'viewer',
  message: z.object({
    run_id: repeated(z.string()),
    metric_key: z.string().optional(),
    max_results: int64.optional(),
  }),
});

export const metricHistoryBulkInterval = defineMlflowRoute({
  service,
  name: 'MlflowService.getMetricHistoryBulkInterval',
  method: 'GET',
  path: '/mlflow/metrics/get-history-bulk-interval',
  versions: ['2.0', '2.11'],
  role: 'viewer',
  message: z.object({
    run_ids: repeated(z.string()),
    metric_key: z.string().min(1),
    start_step: int64.optional(),
    end_step: int64.optional(),
    max_results: int64.optional(),
  }),
});

export const chartRoutes = [metricHistoryBulk, metricHistoryBulkInterval];
