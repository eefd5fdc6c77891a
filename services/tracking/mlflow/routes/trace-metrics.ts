import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { double, int64, repeated } from '#shared/mlflow/wire.ts';
import { aggregationTypes, metricViews } from '../../domain/trace-metrics.ts';

const maxPoints = 1000;
const maxBucketSeconds = 366 * 86_400;

export const queryTraceMetrics = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.queryTraceMetrics',
  method: 'POST',
  path: '/mlflow/traces/metrics',
  versions: ['3.0'],
  role: 'viewer',
  message: z.object({
    experiment_ids: z.array(z.string()),
    view_type: z.enum(metricViews),
    metric_name: z.string(),
    aggregations: z.array(
      z.object({
        aggregation_type: z.enum(aggregationTypes),
        percentile_value: double.pipe(z.number().min(0).max(100)).optional(),
      }),
    ),
    dimensions: repeated(z.string()),
    filters: repeated(z.string()),
    time_interval_seconds: int64.pipe(z.number().min(0).max(maxBucketSeconds)).optional(),
    start_time_ms: int64.optional(),
    end_time_ms: int64.optional(),
    max_results: int64.pipe(z.number().min(1).max(maxPoints)).default(maxPoints),
  }),
});

export const calculateTraceFilterCorrelation = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.calculateTraceFilterCorrelation',
  method: 'POST',
  path: '/mlflow/traces/calculate-filter-correlation',
  versions: ['3.0'],
  role: 'viewer',
  message: z.object({
    experiment_ids: z.array(z.string()),
    filter_string1: z.string(),
    filter_string2: z.string(),
    base_filter: z.string().optional(),
  }),
});

export const traceMetricRoutes = [queryTraceMetrics, calculateTraceFilterCorrelation];
