import { missingParameter } from '#shared/mlflow/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { invalidParameterValue } from '../domain/limits.ts';
import type { CoreDeps } from '../use-cases/deps.ts';
import {
  charts,
  histories,
  maxChartPoints,
  maxChartRuns,
  type PointOfRun,
} from '../use-cases/metric-charts.ts';
import { maxPagePoints } from '../use-cases/metric-history.ts';
import { pointMessage } from './entities.ts';
import * as routes from './routes/charts.ts';

/** Histories of several runs, as MLflow's web page asks for them. */
export function chartRoutes(deps: CoreDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.metricHistoryBulk, async ({ message, caller }) => {
      const { run_id: runIds, metric_key: metricKey, max_results: wanted = maxPagePoints } = message;
      assertRunCount('GetMetricHistoryBulk', runIds.length);
      if (metricKey === undefined)
        throw invalidParameterValue('GetMetricHistoryBulk request must specify a metric_key.');
      const maxResults = Math.min(Math.max(0, wanted), maxPagePoints);
      const points = await histories(deps, caller, { runIds, metricKey, maxResults });
      return { metrics: points.map((point) => pointOfRun(metricKey, point)) };
    }),
    bindMlflow(routes.metricHistoryBulkInterval, async ({ message, caller }) => {
      const { run_ids: runIds, metric_key: metricKey, max_results: maxResults = maxChartPoints } = message;
      if (runIds.length === 0) throw missingParameter('run_ids');
      assertRunCount('GetMetricHistoryBulkInterval', runIds.length);
      if (maxResults < 1 || maxResults > maxChartPoints)
        throw invalidParameterValue(`max_results must be between 1 and ${maxChartPoints}.`);
      const steps = stepsOf(message.start_step, message.end_step);
      const points = await charts(deps, caller, { runIds, metricKey, maxResults, steps });
      return points.length === 0 ? {} : { metrics: points.map((point) => pointOfRun(metricKey, point)) };
    }),
  ];
}

function assertRunCount(what: string, count: number): void {
  if (count === 0) throw invalidParameterValue(`${what} request must specify at least one run_id.`);
  if (count > maxChartRuns)
    throw invalidParameterValue(
      what === 'GetMetricHistoryBulk'
        ? `${what} request cannot specify more than ${maxChartRuns} run_ids. Received ${count} run_ids.`
        : `${what} request must specify at most ${maxChartRuns} run_ids. Received ${count} run_ids.`,
    );
}

function stepsOf(first: number | undefined, last: number | undefined) {
  if (first === undefined && last === undefined) return undefined;
  if (first !== undefined && last !== undefined) return { first, last };
  throw invalidParameterValue('If either start step or end step are specified, both must be specified.');
}

const pointOfRun = (metricKey: string, { runId, ...point }: PointOfRun) => ({
  ...pointMessage(metricKey, point),
  run_id: runId,
});
