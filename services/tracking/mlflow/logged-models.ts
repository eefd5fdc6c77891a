import { missingParameter } from '#shared/mlflow/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { doubleOnWire } from '#shared/mlflow/wire.ts';
import { type LoggedModel, type LoggedModelStatus, registrationsOf } from '../domain/logged-model.ts';
import * as useCases from '../use-cases/logged-models.ts';
import { searchLoggedModels } from '../use-cases/search-logged-models.ts';
import * as routes from './routes/logged-models.ts';

const statusOnWire = {
  UNSPECIFIED: 'LOGGED_MODEL_STATUS_UNSPECIFIED',
  PENDING: 'LOGGED_MODEL_PENDING',
  READY: 'LOGGED_MODEL_READY',
  FAILED: 'LOGGED_MODEL_UPLOAD_FAILED',
} as const satisfies Record<LoggedModelStatus, string>;

const statusOf = Object.fromEntries(
  Object.entries(statusOnWire).map(([status, name]) => [name, status]),
) as Readonly<Record<(typeof statusOnWire)[LoggedModelStatus], LoggedModelStatus>>;

/** As MLflow's server answers who names no number. */
const defaultMaxResults = 100;
const maxMaxResults = 1000;

/** Models that were logged, by experiment. */
export function loggedModelRoutes(deps: useCases.LoggedModelDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.createLoggedModel, async ({ message, caller }) => {
      const model = await useCases.createLoggedModel(deps, caller, {
        experimentId: message.experiment_id,
        name: message.name ?? undefined,
        modelType: message.model_type,
        sourceRunId: message.source_run_id,
        params: message.params,
        tags: message.tags,
      });
      return { model: modelOnWire(model) };
    }),
    bindMlflow(routes.getLoggedModel, async ({ message, caller }) => {
      const options = { allowDeleted: message.allow_deleted };
      return { model: modelOnWire(await useCases.readLoggedModel(deps, caller, message.model_id, options)) };
    }),
    bindMlflow(routes.finalizeLoggedModel, async ({ message, caller }) => {
      const status = statusOf[message.status];
      return {
        model: modelOnWire(await useCases.finalizeLoggedModel(deps, caller, message.model_id, status)),
      };
    }),
    bindMlflow(routes.deleteLoggedModel, async ({ message, caller }) => {
      await useCases.deleteLoggedModel(deps, caller, message.model_id);
      return {};
    }),
    bindMlflow(routes.setLoggedModelTags, async ({ message, caller }) => {
      const model = await useCases.setLoggedModelTags(deps, caller, message.model_id, message.tags);
      return { model: modelOnWire(model) };
    }),
    bindMlflow(routes.deleteLoggedModelTag, async ({ message, caller }) => {
      await useCases.deleteLoggedModelTag(deps, caller, message.model_id, message.tag_key);
      return {};
    }),
    bindMlflow(routes.logLoggedModelParams, async ({ message, caller }) => {
      await useCases.logLoggedModelParams(deps, caller, message.model_id, message.params);
      return {};
    }),
    searchRoute(deps),
  ];
}

function searchRoute(deps: useCases.LoggedModelDeps): BoundMlflowRoute {
  return bindMlflow(routes.searchLoggedModels, async ({ message, caller }) => {
    if (message.experiment_ids.length === 0) throw missingParameter('experiment_ids');
    const page = await searchLoggedModels(deps, caller, {
      experimentIds: message.experiment_ids,
      filter: message.filter,
      datasets: message.datasets.map(({ dataset_name, dataset_digest }) => ({
        datasetName: dataset_name,
        datasetDigest: dataset_digest,
      })),
      orderBy: message.order_by.map((field) => ({
        fieldName: field.field_name,
        ascending: field.ascending,
        datasetName: field.dataset_name,
        datasetDigest: field.dataset_digest,
      })),
      maxResults: Math.min(message.max_results || defaultMaxResults, maxMaxResults),
      pageToken: message.page_token,
    });
    return {
      models: page.items.map(modelOnWire),
      ...(page.nextPageToken ? { next_page_token: page.nextPageToken } : {}),
    };
  });
}

const keyValues = (map: Readonly<Record<string, string>>) =>
  Object.entries(map).map(([key, value]) => ({ key, value }));

const modelOnWire = (model: LoggedModel) => ({
  info: {
    model_id: model.modelId,
    experiment_id: model.experimentId,
    name: model.name,
    creation_timestamp_ms: model.createdAtMs,
    last_updated_timestamp_ms: model.updatedAtMs,
    artifact_uri: model.artifactUri,
    status: statusOnWire[model.status],
    model_type: model.modelType ?? '',
    source_run_id: model.sourceRunId ?? '',
    tags: keyValues(model.tags),
    registrations: registrationsOf(model),
  },
  data: {
    params: keyValues(model.params),
    metrics: model.metrics.map((metric) => ({
      key: metric.key,
      value: doubleOnWire(metric.value),
      timestamp: metric.timestampMs,
      step: metric.step,
      dataset_name: metric.datasetName,
      dataset_digest: metric.datasetDigest,
      model_id: model.modelId,
      run_id: metric.runId,
    })),
  },
});
