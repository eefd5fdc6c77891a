import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { correlation } from '../domain/trace-correlation.ts';
import { measuredFilters } from '../use-cases/trace-measures.ts';
import { countJointly, queryTraceMetrics } from '../use-cases/trace-metrics.ts';
import type { TraceDeps } from '../use-cases/traces.ts';
import * as routes from './routes/trace-metrics.ts';

/** What MLflow's page draws of many traces. */
export function traceMetricRoutes(deps: TraceDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.queryTraceMetrics, async ({ caller, message }) => {
      const points = await queryTraceMetrics(deps, caller, {
        experimentIds: message.experiment_ids,
        view: message.view_type,
        metric: message.metric_name,
        aggregations: message.aggregations.map(
          ({ aggregation_type: type, percentile_value: percentile }) => ({
            type,
            percentile,
          }),
        ),
        dimensions: message.dimensions,
        filters: measuredFilters(message.view_type, message.filters),
        bucketSeconds: message.time_interval_seconds || undefined,
        fromMs: message.start_time_ms,
        toMs: message.end_time_ms,
        maxResults: message.max_results,
      });
      return { data_points: points.map((point) => ({ metric_name: message.metric_name, ...point })) };
    }),
    bindMlflow(routes.calculateTraceFilterCorrelation, async ({ caller, message }) => {
      const counts = await countJointly(deps, caller, {
        experimentIds: message.experiment_ids,
        first: message.filter_string1,
        second: message.filter_string2,
        base: message.base_filter,
      });
      const { npmi, smoothed } = correlation(counts);
      return {
        // MLflow's clients take what is missing for not a number.
        ...(Number.isNaN(npmi) ? {} : { npmi }),
        ...(Number.isNaN(smoothed) ? {} : { npmi_smoothed: smoothed }),
        filter1_count: counts.first,
        filter2_count: counts.second,
        joint_count: counts.both,
        total_count: counts.total,
      };
    }),
  ];
}
