import { missingParameter } from '#shared/mlflow/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { assertRunId } from '../domain/limits.ts';
import type { DatasetStore } from '../ports/dataset-store.ts';
import { createRun } from '../use-cases/create-run.ts';
import type { CoreDeps } from '../use-cases/deps.ts';
import { describeRuns } from '../use-cases/describe-runs.ts';
import { deleteRunTag, logBatch, moveRun, setRunTag, updateRun } from '../use-cases/log-to-run.ts';
import { type LoggedModelDeps, logModelMetrics } from '../use-cases/logged-models.ts';
import { metricHistory } from '../use-cases/metric-history.ts';
import { readTrackedRun } from '../use-cases/read-runs.ts';
import { searchRuns } from '../use-cases/search-runs.ts';
import { checkedMetric, metricsOf, pairsOf } from './batch-message.ts';
import { listMessage, pointMessage, runDataMessage, runInfoMessage, runMessage } from './entities.ts';
import { modelPointsOf } from './model-points.ts';
import * as routes from './routes/runs.ts';

type ReadingDeps = CoreDeps & { readonly datasets: DatasetStore };

interface RunIdentified {
  readonly run_id?: string | undefined;
  readonly run_uuid?: string | undefined;
}

function runIdOf({ run_id, run_uuid }: RunIdentified): string {
  const runId = run_id || run_uuid;
  if (!runId) throw missingParameter('run_id');
  return runId;
}

/** Runs and what is logged in them. */
export function runRoutes(deps: ReadingDeps, models: LoggedModelDeps): BoundMlflowRoute[] {
  return [...lifecycleRoutes(deps), ...loggingRoutes(deps, models), ...readingRoutes(deps)];
}

function lifecycleRoutes(deps: CoreDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.createRun, async ({ message, caller }) => {
      const run = await createRun(deps, caller, {
        experimentId: message.experiment_id,
        userId: message.user_id,
        name: message.run_name,
        startTime: message.start_time,
        tags: message.tags,
      });
      return { run: { info: runInfoMessage(run), data: runDataMessage(run), inputs: {} } };
    }),
    bindMlflow(routes.updateRun, async ({ message, caller }) => {
      const { status, end_time: endTime, run_name: name } = message;
      const run = await updateRun(deps, caller, runIdOf(message), { status, endTime, name });
      return { run_info: runInfoMessage(run) };
    }),
    bindMlflow(routes.deleteRun, async ({ message, caller }) => {
      await moveRun(deps, caller, message.run_id, 'deleted');
      return {};
    }),
    bindMlflow(routes.restoreRun, async ({ message, caller }) => {
      await moveRun(deps, caller, message.run_id, 'active');
      return {};
    }),
  ];
}

function loggingRoutes(deps: CoreDeps, models: LoggedModelDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.logMetric, async ({ message, caller }) => {
      const { key, value, timestamp, step } = message;
      const metrics = [checkedMetric({ key, value, timestamp, step })];
      await logBatch(deps, caller, runIdOf(message), { metrics, params: [], tags: [] });
      await logModelMetrics(models, caller, runIdOf(message), modelPointsOf([message], metrics));
      return {};
    }),
    bindMlflow(routes.logParam, async ({ message, caller }) => {
      const { key, value } = message;
      await logBatch(deps, caller, runIdOf(message), { metrics: [], params: [{ key, value }], tags: [] });
      return {};
    }),
    bindMlflow(routes.setTag, async ({ message, caller }) => {
      await setRunTag(deps, caller, runIdOf(message), message);
      return {};
    }),
    bindMlflow(routes.deleteTag, async ({ message, caller }) => {
      await deleteRunTag(deps, caller, message.run_id, message.key);
      return {};
    }),
    bindMlflow(routes.logBatch, async ({ message, caller }) => {
      assertRunId(message.run_id);
      const metrics = metricsOf(message.metrics);
      await logBatch(deps, caller, message.run_id, {
        metrics,
        params: pairsOf(message.params, 'params'),
        tags: pairsOf(message.tags, 'tags'),
      });
      await logModelMetrics(models, caller, message.run_id, modelPointsOf(message.metrics, metrics));
      return {};
    }),
  ];
}

function readingRoutes(deps: ReadingDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.getRun, async ({ message, caller }) => {
      const run = await readTrackedRun(deps, caller, runIdOf(message));
      return { run: runMessage(run, await describeRuns(deps.datasets, [run])) };
    }),
    bindMlflow(routes.searchRuns, async ({ message, caller }) => {
      const page = await searchRuns(deps, caller, {
        experimentIds: message.experiment_ids,
        filter: message.filter,
        viewType: message.run_view_type,
        maxResults: message.max_results,
        orderBy: message.order_by,
        pageToken: message.page_token,
      });
      const descriptions = await describeRuns(deps.datasets, page.items);
      return listMessage('runs', page, (run) => runMessage(run, descriptions));
    }),
    bindMlflow(routes.getMetricHistory, async ({ message, caller }) => {
      const { metric_key: metricKey, max_results: maxResults, page_token } = message;
      const page = await metricHistory(deps, caller, {
        runId: runIdOf(message),
        metricKey,
        maxResults,
        pageToken: page_token || undefined,
      });
      return listMessage('metrics', page, (point) => pointMessage(metricKey, point));
    }),
  ];
}
